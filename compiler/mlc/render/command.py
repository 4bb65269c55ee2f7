"""Commands as the launcher gets them: one text, from which every placeholder and every optional part is found again."""

import re
from typing import assert_never

from mlc.ir.template import Bracket, InputRef, OutputRef, Quoting, Template, Text


def encode_command(command: Template) -> str:
    """The command as one text, from which the launcher finds every part again, whatever the parts contain.

    * a placeholder carries its quoting: ``${{words inputs.x}}``, ``${{single outputs.y}}``; in a command in a command
      what surrounds that one follows: ``${{words+double inputs.x}}`` for ``bash -c "run ${{inputs.x}}"``
    * optional parts stand in ``$[[`` and ``]]``, which nest
    * in text that only looks like one of these, ``${{dollar}}`` is the dollar sign before two brackets or braces, and
      inside of an optional part ``${{bracket}}`` is a closing bracket before another one or at the end
    """
    return _encode(command, inside=False)


def _encode(command: Template, *, inside: bool) -> str:
    out: list[str] = []
    text = ""
    for part in command:
        if isinstance(part, Text):
            text += part.text
            continue
        out.append(_literal(text, inside=inside))
        text = ""
        match part:
            case InputRef():
                out.append(f"${{{{{_quoting(part)} inputs.{part.name}}}}}")
            case OutputRef():
                out.append(f"${{{{{_quoting(part)} outputs.{part.name}}}}}")
            case Bracket():
                out.append(f"$[[{_encode(part.parts, inside=True)}]]")
            case _:
                assert_never(part)
    out.append(_literal(text, inside=inside))
    return "".join(out)


def _quoting(part: InputRef | OutputRef) -> str:
    return "+".join((part.quoting, *part.around)) if part.around else part.quoting


def _literal(text: str, *, inside: bool) -> str:
    text = re.sub(r"\$(?=\{\{|\[\[)", "${{dollar}}", text)
    return re.sub(r"\](?=\]|\Z)", "${{bracket}}", text) if inside else text


def has_raw(command: Template) -> bool:
    """Whether a placeholder stands in a here-document whose delimiter is quoted."""
    for part in command:
        match part:
            case InputRef() | OutputRef():
                if part.quoting is Quoting.RAW or Quoting.RAW in part.around:
                    return True
            case Bracket():
                if has_raw(part.parts):
                    return True
            case Text():
                pass
            case _:
                assert_never(part)
    return False


def _all_text(command: Template) -> str:
    return "".join(
        part.text if isinstance(part, Text) else _all_text(part.parts) if isinstance(part, Bracket) else " "
        for part in command
    )


_HERE = re.compile(r"""<<-?[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s'"\\<>&|;()])+)""")


def delimiters(command: Template) -> list[str]:
    """The words behind ``<<``, unquoted: one too many does no harm, it only refuses a value like it."""
    words = (re.sub(r"""\\(.)|['"]""", r"\1", found) for found in _HERE.findall(_all_text(command)))
    return list(dict.fromkeys(words))
