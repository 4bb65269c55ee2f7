"""README.md of a bundle."""

from dataclasses import replace

from tests.unit.backends.plans import FASHION, PREP, SCORE, TRAIN

from mlc.backends.docker.readme import readme_file


def test_it_says_how_to_run_change_and_get():
    text = readme_file(FASHION)
    assert "\nINPUT_EPOCHS=1 docker compose up\n" in text
    assert "\ndocker compose cp train:/mlc/outputs/output_model/. ./results/model\n" in text
    assert "| `train` | Train Image Classification Keras | prep | keras | 1 GPU, 4 CPUs, 8g memory |\n" in text
    assert "compose.cpu.yaml up\n" in text
    assert "```mermaid\nflowchart TD\n" in text


def test_without_outputs_those_of_the_last_steps_are_shown():
    text = readme_file(replace(FASHION, outputs=()))
    assert "docker compose cp score:/mlc/outputs/output_result/. ./results/score-output_result\n" in text
    assert "cp train:" not in text


def test_a_last_step_uses_no_outputs_up():
    last = replace(PREP, name="last", outputs=(), after=("score",), always=True)
    text = readme_file(replace(FASHION, tasks=(*FASHION.tasks, last), outputs=()))
    assert "docker compose cp score:/mlc/outputs/output_result/. ./results/score-output_result\n" in text


def test_nothing_about_gpus_where_none_is_asked_for():
    assert "GPU" not in readme_file(replace(FASHION, tasks=(PREP,), outputs=()))


def test_texts_of_the_author_stay_in_their_cells():
    task = replace(TRAIN, display_name="a | b\n<script>")
    assert "| a \\| b \\<script\\> |" in readme_file(replace(FASHION, tasks=(PREP, task, SCORE)))
