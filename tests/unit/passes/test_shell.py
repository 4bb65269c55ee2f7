"""The lexer against hand-written commands, and against the shell itself."""

import shutil
import subprocess
from typing import Any

import pytest
from tests.support.ir import template

from mlc.ir.template import Quoting
from mlc.passes.shell import answers

W, A, S, D, H, R, C, N, B, P, ANSI = (
    Quoting.WORDS,
    Quoting.ASSIGNED,
    Quoting.SINGLE,
    Quoting.DOUBLE,
    Quoting.HEREDOC,
    Quoting.RAW,
    Quoting.COMMENT,
    Quoting.NUMBER,
    Quoting.BACKTICK,
    Quoting.PLAIN,
    Quoting.ANSI,
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
    f"a ${{V}} ${{W:-b}} ${{U#'}}'}} {X}": [W],
    f'a "${{V}}" {X}': [W],
    f"a $'b\\'' {X}": [W],
    f"a $[[--b '{X}']] {X}": [S, W],
    f"a $[[--b {X} $[[--c '{X}']]]] {X}": [W, S, W],
    f'a $V{X} "$V{X}"': [W, D],
    f"a ~{X} *{X}": [W, W],
    f"cat <({X}) <(a '{X}')": [W, S],
    f"a \\\\{X}": [W],
    f'a \\{X} "\\{X}"': [W, D],
    f"a <<EOF\n\\{X}\nEOF": [H],
    f"a $'{X}\\'{X}' '{X}'": [ANSI, ANSI, S],
    f"a ${{V:-{X}}} ${{V-'{X}'}} ${{V:=\"{X}\"}} '{X}'": [W, S, D, S],
    f"a 2>&1 V={X} &>{X} b": [W, W],
    "": [],
}


def read(command):
    """The answers; of one level, without the tuple."""
    return [found[0] if isinstance(found, tuple) and len(found) == 1 else found for found in answers(template(command))]


@pytest.mark.parametrize("command", READ)
def test_it_knows_what_surrounds_a_placeholder(command):
    assert read(command) == READ[command]


INNER = {
    f'a "${{V:-{X}}}" "{X}"': [(P, D), D],
    f"bash -c \"a {X} '{X}'\" {X}": [(W, D), (S, D), W],
    f"bash -lc 'a {X} \"{X}\"' && '{X}'": [(W, S), (D, S), S],
    f"env A=1 timeout 3 /bin/bash -euo pipefail -c 'a {X}'": [(W, S)],
    f"bash 2>&1 -c 'a {X}'": [(W, S)],
    f"if sh -c {X}; then sh a.sh {X}; fi": [(W, A), W],
    f"bash -c 'V={X} b \"$V\" # {X}'": [(A, S), (C, S)],
    f"bash -c 'bash -c \"a {X}\"'": [(W, D, S)],
    f"bash -c $'a {X}'": [(P, ANSI)],
    f'bash -c "a $(b {X}) {X}"': [(P, W), (W, D)],
    f'bash -c "a $[[--b {X}]] {X}"': [(W, D), (W, D)],
    f"eval a {X} \"'{X}'\"": [(W, A), (S, D)],
    f"eval a $[[{X}]]": [(P, W)],
    f"trap 'rm {X}' EXIT; a {X}": [(W, S), W],
    f"a `b {X} '{X}'` {X}": [(W, B), (S, B), W],
    f'a "`b "{X}"`" "{X}"': [(D, B), D],
    f"a `b \\`c {X}\\``": [(W, B, B)],
    f"a `bash -c 'b {X}'`": [(W, S, B)],
    f"bash <<EOF\na {X}\nEOF\na {X}": [(W, H), W],
    f"bash <<'EOF'\na {X} $(b '{X}')\nEOF": [(W, R), (S, R)],
    f"bash -s <<EOF\na $(b {X})\nEOF": [(P, W)],
    f"bash run.sh <<EOF\na {X}\nEOF": [H],
    f"cat <<EOF | bash\na {X}\nEOF": [(P, H)],
    f'bash <<< "a {X}"': [(W, D)],
    f"a {X} | tee b | sh": [(P, W)],
    f"(a {X}; b) | sh -": [(P, W)],
    f"for i in 1; do a {X}; done | sh": [(P, W)],
    f"a {X}; b | sh": [W],
    f"a {X} || sh": [W],
    f"a {X} | xargs -n1 sh -c 'b $0'": [(P, W)],
    f"a {X} | python b.py": [W],
    f"a {X} | python -c 'b'": [W],
    f'python -c "a({X})" {X}': [(P, D), W],
    f"python3.11 - {X} <<EOF\na({X})\nEOF": [W, (P, H)],
    f"perl -ne 'a {X}' {X}": [(P, S), W],
    f"Rscript -e 'a({X})' {X}": [(P, S), W],
    f"Rscript train.R --data {X}": [W],
    f"sed -i 's/a/{X}/' {X}": [(P, S), W],
    f"awk -F , '{{print {X}}}' {X}": [(P, S), W],
    f"make train V={X}": [(P, W)],
    f"ssh host ls '{X}'": [(P, S)],
    f"declare {X}={X}; export V={X}": [(P, W), W, W],
    f"echo bash -c {X}": [W],
    f"V={X}; eval $V": [(P, A)],
    f"V='{X}'; bash -c \"a $V\"": [(P, S)],
    f'V={X}; W="b $V"; bash -c "$W"': [(P, A)],
    f"V={X}; bash -c 'a $V'": [A],
    f"for v in {X}; do eval $v; done": [(P, W)],
    f"read v <<< {X}; eval $v": [(P, W)],
    f'V={X}; echo "$V" | sh': [(P, A)],
    f"n={X}; echo $((n + 1))": [N],
    f"n='{X}'; [[ $n -gt 3 ]] && a {X}": [N, W],
    f"n={X}; m={X}; echo ${{m%.*}} ${{m:n}}": [N, A],
    f"cat > run.sh <<EOF\na {X}\nEOF\nbash ./run.sh": [(P, H)],
    f"echo {X} > a.py; chmod +x a.py; ./a.py": [(P, W)],
    f"echo {X} > a.txt; cat a.txt": [W],
}


@pytest.mark.parametrize("command", INNER)
def test_it_knows_commands_in_commands(command):
    assert read(command) == INNER[command]


REFUSED = {
    f"a ${X}": "dollar",
    f'a "${X}"': "dollar",
    f"a ${{V#{X}}}": "${...}",
    f'a "${{V/{X}/b}}"': "${...}",
    f"a ${{{X}}}": "${...}",
    f"a <<EOF\n${{V:-{X}}}\nEOF": "${...}",
    f"a <<{X}\nb": "delimiter",
    f"a $[['--b]] {X}": "depends on the value",
    f"a $[[$(b]] {X}": "depends on the value",
    f"a \\$[[b {X}]]": "depends on the value",
    f"bash -c 'a ${X}'": "dollar",
    f"bash -c 'a \\{X}'": "backslash",
    f"bash -c 'cat <<\"EOF\"\n{X}\nEOF'": "here-document",
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
    ANSI: "$'a\\047; echo HIT #'",
    N: "7",
    C: "x; echo HIT",
}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("command", [command for command in READ if "<<" not in command and "$[[" not in command])
def test_the_shell_agrees(command):
    """With a value quoted as the lexer says, nothing in the value is evaluated: the shell never says HIT."""
    text = command
    for answer in read(command):
        quoted = SAFE[answer] if answer in (W, A, N, C) else SAFE[answer].removeprefix("$")[1:-1]
        text = text.replace(X, quoted, 1)
    script = 'set +e; for f in a b c d e cat python; do eval "$f() { :; }"; done\n' + text
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=20, cwd="/", check=False)
    assert "HIT" not in [line.strip() for line in done.stdout.splitlines()]
