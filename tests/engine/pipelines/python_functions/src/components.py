from pathlib import Path

from mldesigner import Input, Output, command_component


@command_component()
def train_model(
    training_data: Input(type="uri_file"),
    max_epochs: int,
    model_output: Output(type="uri_folder"),
    learning_rate=0.02,
) -> str:
    """Writes down what it was given.

    Args:
        training_data: a file
        max_epochs: how often
        learning_rate: how fast
        model_output: where to
    """
    model = Path(model_output) / "model"
    rows = len(Path(training_data).read_text().splitlines()) - 1
    model.write_text(f"{rows} rows, {max_epochs + 0} epochs, rate {learning_rate:.2f}")
    return model.name


@command_component(display_name="Score")
def score_data(
    model_input: Input(type="uri_folder"),
    test_data: Input(type="uri_file"),
    score_output: Output(type="uri_folder"),
    model_file: str = None,
) -> str:
    """Reads the file of the model whose name the training returned."""
    model = (Path(model_input) / model_file).read_text()
    (Path(score_output) / "score").write_text(f"{Path(test_data).name}: {model}")
    return "score"


@command_component(display_name="Evaluate", environment="./env.yaml")
def eval_model(
    scoring_result: Input(type="uri_folder"),
    eval_output: Output(type="uri_folder"),
    scoring_file: str = None,
):
    """Makes a table of the score, with a package of its environment."""
    from tabulate import tabulate

    data, model = (Path(scoring_result) / scoring_file).read_text().split(": ")
    table = tabulate([[data, model]], headers=["data", "model"], tablefmt="pipe")
    (Path(eval_output) / "eval_result").write_text(table)
