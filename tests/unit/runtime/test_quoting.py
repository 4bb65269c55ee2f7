"""Values reach the command as data: whatever they contain, a program sees exactly their text."""

import pytest
from tests.unit.runtime.stage import Stage
from tests.unit.runtime.values import SNIPPETS, VALUES

SHOW = 'show() { printf "%s\\0" "$#" "$@" >>"$RECORD"; }\n'
"""Writes how many arguments it got and each of them, ended by NUL."""


def seen(stage: Stage, command: str, **variables: str) -> list[list[str]]:
    """The arguments of every call of ``show`` in ``command``, after checking that nothing else happened."""
    record = stage.root / "record"
    record.unlink(missing_ok=True)
    (stage.root / "components/code/file.txt").touch()
    after = "\nfor each in $(ls -A); do case $each in file.txt | outputs | logs) ;; *) ls -A; exit 9 ;; esac; done"
    ran = stage.run(SHOW + command + after, RECORD=str(record), **variables)
    assert (ran.status, ran.err) == (0, ""), ran
    fields = iter(record.read_bytes().decode(errors="surrogateescape").split("\0")[:-1])
    return [[next(fields) for _ in range(int(count))] for count in fields]


def inputs(values: list[str], kind: str = "value") -> dict[str, str]:
    lines = "\n".join(f"v{n} {kind}" for n in range(len(values)))
    return {"MLC_INPUTS": lines} | {f"MLC_INPUT_v{n}": value for n, value in enumerate(values)}


def words(value: str) -> list[str]:
    """What an unquoted value is: split at blanks, nothing else."""
    return value.replace("\n", " ").replace("\t", " ").strip(" ").split(" ") if value.strip(" \n\t") else []


def marks(quoting: str, pattern: str, count: int = len(VALUES)) -> str:
    return "\n".join(pattern % f"${{{{{quoting} inputs.v{n}}}}}" for n in range(count))


def test_unquoted_values_are_words(stage: Stage) -> None:
    expected = [[word for word in words(value) if word] for value in VALUES]
    assert seen(stage, marks("words", "show %s"), **inputs(VALUES)) == expected


def test_text_beside_an_unquoted_value_joins_its_first_and_last_word(stage: Stage) -> None:
    expected = []
    for value in VALUES:
        text = f"--x={value}/z".replace("\n", " ").replace("\t", " ")
        expected.append([word for word in text.split(" ") if word])
    assert seen(stage, marks("words", "show --x=%s/z"), **inputs(VALUES)) == expected


def test_an_assigned_value_is_one_word(stage: Stage) -> None:
    """Its second word would be a command."""
    assert seen(stage, marks("assigned", 'v=a%sb; show "$v"'), **inputs(VALUES)) == [[f"a{value}b"] for value in VALUES]
    assert seen(stage, marks("assigned", 'v=%s; show "$v"'), **inputs(VALUES)) == [[value] for value in VALUES]


@pytest.mark.parametrize(("quoting", "pattern"), [("single", "show 'a%sb'"), ("double", 'show "a%sb"')])
def test_quoted_values_are_one_argument(stage: Stage, quoting: str, pattern: str) -> None:
    assert seen(stage, marks(quoting, pattern), **inputs(VALUES)) == [[f"a{value}b"] for value in VALUES]


@pytest.mark.parametrize(("quoting", "pattern"), [("single", "show '%s'"), ("double", 'show "%s"')])
def test_quoted_values_alone(stage: Stage, quoting: str, pattern: str) -> None:
    assert seen(stage, marks(quoting, pattern), **inputs(VALUES)) == [[value] for value in VALUES]


DOCUMENT = 'show "$(cat <<%s\n%%s\nEOF\necho .)"'


@pytest.mark.parametrize("dash", ["EOF", "-EOF"])
def test_here_documents_hold_any_value(stage: Stage, dash: str) -> None:
    pattern = DOCUMENT % dash
    assert seen(stage, marks("heredoc", pattern), **inputs(VALUES)) == [[f"{value}\n."] for value in VALUES]


def test_raw_here_documents_hold_what_does_not_end_them(stage: Stage) -> None:
    # Bash itself loses the byte 1 in such documents inside of $(...).
    values = [value for value in VALUES if "EOF" not in value and "\x01" not in value]
    command = "\n".join(DOCUMENT % "'EOF'" % f"${{{{raw inputs.v{n}}}}}" for n in range(len(values)))
    found = seen(stage, command, MLC_DELIMITERS="EOF", **inputs(values))
    assert found == [[f"{value}\n."] for value in values]


@pytest.mark.parametrize(("quoting", "word"), [("raw", "'EOF'"), ("heredoc", "EOF")])
def test_a_here_document_behind_a_syntax_error_is_not_run(stage: Stage, quoting: str, word: str) -> None:
    command = f"let A=(<<< <<{word}\n${{{{{quoting} inputs.v0}}}}\nEOF\n:"
    ran = stage.run(command, HIT=str(stage.root / "hit"), MLC_DELIMITERS="EOF", **inputs(['touch "$HIT"']))
    assert ran.status == 125
    assert "the command is not one that the shell can read" in ran.err
    assert not (stage.root / "hit").exists()
    fine = f"shopt -s extglob 2>/dev/null\ncat <<{word}\n${{{{{quoting} inputs.v0}}}}\nEOF"
    assert stage.run(fine, MLC_DELIMITERS="EOF", **inputs(["touch"])).printed == ["touch"]


@pytest.mark.parametrize(
    ("line", "value", "ends"),
    [
        ("%s", "EOF", True),
        ("%s", "a\nEOF\nb", True),
        ("%s", "\tEOF", True),
        ("%s", "EOFX", False),
        ("E%s", "OF", True),
        ("E%sF", "O", True),
        ("E%sFX", "O", False),
        ("x %s", "EOF", False),
        ("x %s", "a\nEOF", True),
        ("%s x", "EOF", False),
        ("%s${{raw inputs.w}}", "EO", True),
        ("%s${{raw inputs.w}}", "X", False),
        ("$[[%s]]", "EOF", True),
    ],
)
def test_a_value_that_would_end_a_raw_here_document_is_refused(stage: Stage, line: str, value: str, ends: bool) -> None:
    command = "cat <<'EOF'\n" + line % "${{raw inputs.v}}" + "\nEOF\n"
    lines = {"MLC_INPUTS": "v value\nw value", "MLC_INPUT_v": value, "MLC_INPUT_w": "F", "MLC_DELIMITERS": "STOP\nEOF"}
    ran = stage.run(command, **lines)
    assert (ran.status == 125) is ends, ran
    assert ("would end the here-document" in ran.err) is ends


def test_comments_lose_line_breaks(stage: Stage) -> None:
    command = marks("comment", "show ok # %s")
    assert seen(stage, command, **inputs(VALUES)) == [["ok"]] * len(VALUES)


@pytest.mark.parametrize("number", ["0", "3", "-3", "+7", "10.5", "1e-05", "2E3", ".5", "08"])
def test_numbers_stand_in_arithmetic(stage: Stage, number: str) -> None:
    assert seen(stage, "show ${{number inputs.v0}}", **inputs([number])) == [[number]]


@pytest.mark.parametrize(
    "number", ["a[$(touch pwned)]", "1 2", "x", "", ".", "1.2.3", "1e", "e1", "1-1", "0x1f", "--1", "1\n"]
)
def test_other_text_in_arithmetic_is_refused(stage: Stage, number: str) -> None:
    ran = stage.run("echo $((${{number inputs.v0}}))", **inputs([number]))
    assert ran.status == 125
    assert "inputs.v0 stands in arithmetic and must be a number" in ran.err


@pytest.mark.parametrize("number", ["3", "03", "12345678901234567890"])
def test_a_bare_number_never_becomes_a_redirection(stage: Stage, number: str) -> None:
    command = 'show "$(echo a ${{words inputs.v0}}>&1)"\nshow "$(echo ${{words inputs.v0}}</dev/null)"'
    assert seen(stage, command, **inputs([number])) == [[f"a {number}"], [number]]


def test_a_bare_number_counts_in_braces(stage: Stage) -> None:
    ran = stage.run("echo {1..${{words inputs.v0}}}", **inputs(["3"]))
    has_bash = stage.world.name in {"dash", "bash"}
    assert ran.printed == ["1 2 3" if has_bash else "{1..3}"]


@pytest.mark.parametrize(
    ("quoting", "pattern", "shown"),
    [
        ("words", "show \\%s", "%s"),
        ("words", "show \\\\%s", "\\%s"),
        ("words", "show $%s", "$%s"),
        ("words", "show \\$%s", "$%s"),
        ("double", 'show "\\%s"', "\\%s"),
        ("double", 'show "\\\\%s"', "\\%s"),
        ("double", 'show "$%s"', "$%s"),
        ("double", 'show "\\$%s"', "$%s"),
        ("heredoc", 'show "$(cat <<EOF\n\\%s\nEOF\n)"', "\\%s"),
        ("heredoc", 'show "$(cat <<EOF\n$%s\nEOF\n)"', "$%s"),
    ],
)
def test_what_the_author_wrote_before_a_value_does_not_act_on_it(stage, quoting, pattern, shown) -> None:
    values = [value for value in VALUES if not set(value) & set(" \n\t") and value]
    command = "\n".join(pattern % f"${{{{{quoting} inputs.v{n}}}}}" for n in range(len(values)))
    assert seen(stage, command, **inputs(values)) == [[shown % value] for value in values]


@pytest.mark.parametrize("value", ["a[$(touch pwned)]", "x:-$(id)", "1", "x y", "HOME}$(id)${HOME"])
def test_only_a_name_can_name_a_variable(stage: Stage, value: str) -> None:
    ran = stage.run('echo "${${{double inputs.v0}}}"', **inputs([value]))
    assert ran.status == 125
    assert "used as the name of a variable" in ran.err
    assert stage.run('echo "${${{double inputs.v0}}}"', THERE="yes", **inputs(["THERE"])).printed == ["yes"]


def test_a_path_is_one_word(stage: Stage) -> None:
    hostile = "a  b;$(touch pwned)'\"*.csv"
    (stage.root / "inputs/d").mkdir(parents=True)
    (stage.root / "inputs/d" / hostile).touch()
    found = seen(
        stage,
        "show ${{words inputs.d}} ${{words outputs.o}}; : >${{words outputs.o}}",
        MLC_INPUTS="d data",
        MLC_INPUT_d=hostile,
        MLC_OUTPUTS="o file",
        MLC_OUTPUT_o=f"{hostile}2",
    )
    assert found == [[f"{stage.root}/inputs/d/{hostile}", f"{stage.root}/outputs/o/{hostile}2"]]


def test_the_environment_holds_the_same_texts(stage: Stage) -> None:
    values = [value for value in VALUES if value][:60]
    command = "\n".join(f'show "$AZUREML_PARAMETER_v{n}" "$AZURE_ML_INPUT_v{n}"' for n in range(len(values)))
    assert seen(stage, command, **inputs(values)) == [[value, value] for value in values]


def test_a_command_longer_than_an_argument_may_be(stage: Stage) -> None:
    value = "0123456789" * 9000
    command = "show '${{single inputs.v0}}' '${{single inputs.v0}}'\nexit 0"
    record = stage.root / "record"
    ran = stage.run(SHOW + command, RECORD=str(record), **inputs([value]))
    assert ran.status == 0, ran.err
    assert record.read_text() == f"2\0{value}\0{value}\0"


INSIDE = {
    "words+double": 'sh -c "$S a%sb"',
    "words+single": "sh -c '$S a%sb'",
    "double+single": "sh -c '$S \"a%sb\"'",
    "double+double": 'sh -c "$S \\"a%sb\\""',
    "single+double": "sh -c \"$S 'a%sb'\"",
    "words+assigned": "eval show a%sb",
    "double+assigned": "eval show '\"'a%sb'\"'",
    "words+double+single": "sh -c 'sh -c \"$S a%sb\"'",
    "words+backtick": "w=`$S a%sb`",
    "single+backtick": "w=\"`$S 'a%sb'`\"",
    "double+backtick+backtick": 'w=`echo \\`$S "a%sb"\\``',
    "assigned+single": "sh -c 'w=a%sb; $S \"$w\"'",
    "words+heredoc": "sh <<STOP\n$S a%sb\nSTOP",
    "double+heredoc": 'sh <<STOP\n$S "a%sb"\nSTOP',
    "words+raw": "sh <<'STOP'\n$S a%sb\nSTOP",
    "heredoc+single": "sh -c '$S \"$(cat <<STOP\na%sb\nSTOP\n)\"'",
}
"""How an inner command is written around a value, by the quoting that the value then has."""


def program(stage: Stage) -> str:
    """``show`` as a file that an inner shell can run too."""
    path = stage.root / "show"
    path.write_text("#!/bin/sh\n" + SHOW + 'show "$@"\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("world", ["bash", "busybox"], indirect=True)
@pytest.mark.parametrize("quoting", INSIDE)
def test_values_in_inner_commands(stage: Stage, quoting: str) -> None:
    """What an inner shell would make of a value, no shell does."""
    expected = []
    for value in SNIPPETS:
        text = f"a{value}b"
        expected.append([word for word in words(text) if word] if quoting.startswith("words") else [text])
    command = marks(quoting, INSIDE[quoting], len(SNIPPETS))
    assert seen(stage, command, S=program(stage), MLC_DELIMITERS="STOP", **inputs(SNIPPETS)) == expected


@pytest.mark.parametrize(
    ("quoting", "pattern"),
    [("ansi", "show $'a%sb'"), ("single", "show ${NONE:-'a%sb'}")],
)
def test_values_in_expansions(stage: Stage, quoting: str, pattern: str) -> None:
    if quoting == "ansi" and stage.world.name == "core utilities":
        # Without this quote of bash's, numbers of characters stay as they are.
        assert seen(stage, "show $'a${{ansi inputs.v0}}b'", **inputs(["'$(x)\\"])) == [["$a\\047$(x)\\134b"]]
        return
    assert seen(stage, marks(quoting, pattern), **inputs(VALUES)) == [[f"a{value}b"] for value in VALUES]


def test_unquoted_values_in_expansions_are_words(stage: Stage) -> None:
    expected = [[word for word in words(value) if word] for value in VALUES]
    assert seen(stage, marks("words", "show ${NONE:-%s}"), **inputs(VALUES)) == expected


PLAIN = ["x", "a b", "-1.5e3", "/mlc/inputs/d/a.csv", "a,b;c"[:3], "k=v", "ü 日本", "user@host:~"[:9], "50%"]


@pytest.mark.parametrize("value", PLAIN)
def test_plain_text_may_become_part_of_a_program(stage: Stage, value: str) -> None:
    assert seen(stage, 'show "${{plain+double inputs.v0}}"', **inputs([value])) == [[value]]


@pytest.mark.parametrize(
    "value",
    [
        *("it's", '"', "`id`", "$HOME", "a;b", "a&b", "a|b", "<a", ">a", "f(x)", "{a}", "a[0]", "*", "a?", "~", "!x"),
        *("# x", "^", "a\nb", "a\tb", "a\\b", "a\x07"),
    ],
)
def test_other_text_does_not(stage: Stage, value: str) -> None:
    ran = stage.run('echo "${{plain+double inputs.v0}}"', **inputs([value]))
    assert ran.status == 125
    assert "inputs.v0 becomes part of a program, so that it must be plain text" in ran.err


def test_an_empty_value_behind_a_backslash(stage: Stage) -> None:
    """What the author wrote behind the value is not escaped instead."""
    assert seen(stage, "show \\${{words inputs.v0}}'a b'", **inputs([""])) == [["a b"]]
    assert seen(stage, 'show "\\${{double inputs.v0}}"', **inputs([""])) == [["\\"]]
