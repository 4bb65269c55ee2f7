"""The lexer against hand-written commands, and against the shell itself."""

import shutil
import subprocess
from typing import Any

import pytest
from tests.support.ir import template

from mlc.ir.template import Quoting
from mlc.passes.shell import answers

W, A, S, D, H, R, C, N = (
    Quoting.WORDS,
    Quoting.ASSIGNED,
    Quoting.SINGLE,
    Quoting.DOUBLE,
    Quoting.HEREDOC,
    Quoting.RAW,
    Quoting.COMMENT,
    Quoting.NUMBER,
)
X = "${{inputs.x}}"

READ = {
    f"python a.py --x {X} --y {X}": [W, W],
    f"a '{X}' \"{X}\" {X}": [S, D, W],
    f"a '\"{X}\"' \"'{X}'\"": [S, D],
    f"a \\' {X} '": [W],
    f'a "\\"{X}" {X}': [D, W],
    f"a 'b\\' {X}": [W],
    f"a # it's\nb {X}": [W],
    f"a # {X}\nb '{X}'": [C, S],
    f"a#'{X}'": [S],
    f"a '#' {X}": [W],
    f"a {X}#'b' '{X}'": [W, S],
    f"a \\\n  # '\n{X}": [W],
    f"a \\\n# '{X}\nb {X}": [C, W],
    f"a \\\nb#'{X}'": [S],
    f'a "$(b {X})" {X}': [W, W],
    f"a \"$(b '{X}' \"{X}\")\" '{X}'": [S, D, S],
    f"a $(b (c) {X}) '{X}'": [W, S],
    f"(a; b {X}) '{X}'": [W, S],
    f"a $(case x in y) b;; (z) c;; esac; d {X}) '{X}'": [W, S],
    f'a "$(case x in y) b;; esac)" {X}': [W],
    f'a "$(echo case) {X}"': [D],
    f"a <<EOF\n{X} '{X}\nEOF\nb '{X}'": [H, H, S],
    f"a <<'EOF'\n{X} $(b {X})\nEOF\nb {X}": [R, R, W],
    f"a <<\\EOF\n{X}\nEOF": [R],
    f"a <<-EOF\n\t{X}\n\tEOF\nb '{X}'": [H, S],
    f"a <<EOF\n$(b '{X}')\nEOF": [S],
    f"a <<A <<'B' {X}\n{X}\nA\n{X}\nB\n{X}": [W, H, R, W],
    f"a <<< {X} '{X}'": [W, S],
    f"a <<EOF | b {X}\n{X}\nEOF": [W, H],
    f"a $(( {X} + 1 )) {X}": [N, W],
    f"a $(( (1 + {X}) * 2 )) '{X}'": [N, S],
    f'a "$(( {X} ))" "{X}"': [N, D],
    f"(( n = {X} )) && a {X}": [N, W],
    f"a $(( $(b {X}) ))": [W],
    f"let n={X}+1; a {X}": [N, W],
    f"v[{X}]=1; w[2]={X}": [N, A],
    f"V={X} W='x y'{X} && U+={X}; a b={X} --c={X}": [A, A, A, W, W],
    f"if V={X}; then env -i W={X} a; fi; export U={X}": [A, W, W],
    f"env V={X} W={X} a V={X}": [A, A, W],
    f"[[ {X} -gt 3 && {X} == a ]] && b {X}": [N, W, W],
    f'if [[ "{X}" -eq 3 ]]; then a "{X}"; fi': [N, D],
    f"[ {X} -gt 3 ]": [W],
    f"for i in {X}; do a '{X}'; done": [W, S],
    f"A='{X}' b {X} > {X} 2>&1": [S, W, W],
    f"a && b || c {X} | d '{X}' & e {X}": [W, S, W],
    f"a ${{V}} ${{W:-'}}}} {X}": [W],
    f'a "${{V}}" {X}': [W],
    f"a $'b\\'' {X}": [W],
    f"a $[[--b '{X}']] {X}": [S, W],
    f"a $[[--b {X} $[[--c '{X}']]]] {X}": [W, S, W],
    f'a $V{X} "$V{X}"': [W, D],
    f"a ~{X} *{X}": [W, W],
    f"cat <({X}) <(a '{X}')": [W, S],
    f"a \\\\{X}": [W],
    "": [],
}


@pytest.mark.parametrize("command", READ)
def test_it_knows_what_surrounds_a_placeholder(command):
    assert answers(template(command)) == READ[command]


REFUSED = {
    f"a `b {X}`": "backticks",
    f'a "`b {X}`"': "backticks",
    f"a `b \"$(c '{X}')\"`": "backticks",
    f"a \\{X}": "backslash",
    f'a "\\{X}"': "backslash",
    f"a <<EOF\n\\{X}\nEOF": "backslash",
    f"a ${X}": "dollar",
    f'a "${X}"': "dollar",
    f"a $'{X}'": "escapes",
    f"a ${{V:-{X}}}": "${...}",
    f'a "${{V:-{X}}}"': "${...}",
    f"a <<{X}\nb": "delimiter",
    f"a $[['--b]] {X}": "depends on the value",
    f"a $[[$(b]] {X}": "depends on the value",
    "a " + "$(" * 60 + X: "too deep",
}


@pytest.mark.parametrize("command", REFUSED)
def test_it_refuses_where_no_quoting_helps(command):
    found = answers(template(command))
    assert isinstance(found[-1], str)
    assert REFUSED[command] in found[-1]


@pytest.mark.parametrize("opening", ["$(", '"', "'", "`", "${", "$((", "((", "(", "<<A\n", "case x in ", "[[ ", "\\"])
def test_any_number_of_openings_is_survived(opening):
    command = f"{opening * 3000} {X}"
    assert len(answers(template(command))) == 1


SAFE: dict[Any, str] = {
    S: "'a'\\''; echo HIT #'",
    D: '"a\\"; echo HIT #"',
    W: "'a; echo HIT'",
    A: "'a; echo HIT'",
    N: "7",
    C: "x; echo HIT",
}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("command", [command for command in READ if "<<" not in command and "$[[" not in command])
def test_the_shell_agrees(command):
    """With a value quoted as the lexer says, nothing in the value is evaluated: the shell never says HIT."""
    text = command
    for answer in answers(template(command)):
        quoted = SAFE[answer] if answer in (W, A, N, C) else SAFE[answer][1:-1]
        text = text.replace(X, quoted, 1)
    script = 'set +e; for f in a b c d e cat python; do eval "$f() { :; }"; done\n' + text
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=20, cwd="/", check=False)
    assert "HIT" not in [line.strip() for line in done.stdout.splitlines()]
