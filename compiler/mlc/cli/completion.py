"""``mlc completion``: the script that makes a shell complete commands, options and files of mlc."""

import click

from mlc.cli import compiling, console


@click.command(
    epilog=compiling.example(
        'eval "$(mlc completion bash)"    # in ~/.bashrc',
        'eval "$(mlc completion zsh)"     # in ~/.zshrc',
        "mlc completion fish > ~/.config/fish/completions/mlc.fish",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for SHELL."""
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None
    script = complete(context.find_root().command, {}, "mlc", context.obj)
    console.out((script.source_template % script.source_vars()).rstrip("\n"))
