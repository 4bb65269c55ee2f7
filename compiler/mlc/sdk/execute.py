"""The command line by which a step runs a Python function: ``mldesigner execute``, as the reference writes it."""

from mlc.ir.component import InputPort, OutputPort


def with_ports(program: str, inputs: tuple[InputPort, ...], outputs: tuple[OutputPort, ...]) -> str:
    """The command line that hands values and paths to the program which runs the function."""
    words = [program]
    if inputs:
        words.append("--inputs")
    for port in inputs:
        word = f"{port.name}='${{{{inputs.{port.name}}}}}'"
        words.append(f"$[[{word}]]" if port.optional else word)
    if outputs:
        words.append("--outputs")
        words += [f"{port.name}='${{{{outputs.{port.name}}}}}'" for port in outputs]
    return " ".join(words)
