"""Commands as they are found in real repositories: a program with most of what bash can do, on both engines."""

import pytest
from tests.support.bundles import mlc, write_files
from tests.support.standins import OPENMPI

pytestmark = pytest.mark.engine

PIPELINE = r"""
type: pipeline
inputs: {name: "it's; $(id)", n: 3, pattern: "*.txt", d: {type: uri_folder, path: ./d}}
jobs:
  a:
    environment: {image: IMAGE}
    inputs:
      name: ${{parent.inputs.name}}
      n: ${{parent.inputs.n}}
      pattern: ${{parent.inputs.pattern}}
      d: ${{parent.inputs.d}}
    outputs: {o: {type: uri_folder}}
    command: |
      set -euo pipefail   # it's strict
      exec >${{outputs.o}}/said
      declare -a names=(x "${{inputs.name}}" ${{inputs.pattern}})
      for i in {1..${{inputs.n}}}; do echo "run $i of ${#names[@]}: ${names[1]}"; done
      if [[ "${{inputs.n}}" -gt 2 && ${{inputs.n}} != 4 ]]; then echo "many"; fi
      while read -r line; do echo "line: $line"; done <<< "${{inputs.name}}"
      cat <<-EOF
      TABname: ${{inputs.name}}
      TABhome: ${HOME:+set}
      EOF
      cat > conf.json <<'JSON'
      {"name": "${{inputs.name}}", "n": ${{inputs.n}}}
      JSON
      cat conf.json
      python3 -c 'import sys, json; print(json.loads(sys.argv[1]))' '{"n": ${{inputs.n}}, "v": [1, 2]}'
      python3 -m json.tool --compact <<< '{"n": ${{inputs.n}}}' \
        | tr -d '\n'; echo
      ls ${{inputs.d}}/*.txt | wc -l && (cd ${{inputs.d}}/ && echo "${PWD##*/}/sub") || echo failed
      echo $(( ${{inputs.n}} * 2 )) "${VAR:-default}" `basename ${{inputs.d}}/a.txt`
      bash -c 'echo inner "${{inputs.name}}" | tee inner.txt'; cmp inner.txt <(echo "inner ${{inputs.name}}")
      case ${{inputs.n}} in 3) echo three;; *) echo other;; esac
      f() { echo "f got $# arguments: $*"; }; f --name ${{inputs.name}} --pattern ${{inputs.pattern}}
      export RESULT=${{outputs.o}}/r.txt CUDA_VISIBLE_DEVICES=; echo done > $RESULT
      test -f ${{inputs.d}}/a.txt && echo ok; trap 'echo bye ${{inputs.n}}' EXIT
      printf '%s\n' "50%" '$HOME' "\$HOME" "`echo back`"; ls *.none 2>/dev/null || true
      { echo a; echo b; } | wc -l; ! false
"""
SAID = r"""run 1 of 3: it's; $(id)
run 2 of 3: it's; $(id)
run 3 of 3: it's; $(id)
many
line: it's; $(id)
name: it's; $(id)
home: set
{"name": "it's; $(id)", "n": 3}
{'n': 3, 'v': [1, 2]}
{"n":3}
2
d/sub
6 default a.txt
inner it's; $(id)
three
f got 5 arguments: --name it's; $(id) --pattern *.txt
ok
50%
$HOME
$HOME
back
2
bye 3
"""


def test_a_program_of_many_kinds(tmp_path, compiled):
    files = {"commands.yml": PIPELINE.replace("IMAGE", OPENMPI).replace("TAB", "\t"), "d/a.txt": "", "d/b.txt": ""}
    bundle = compiled(write_files(tmp_path / "project", files) / "commands.yml")
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    assert (bundle.copy("a", "o", tmp_path / "copy") / "said").read_text() == SAID
    ran = mlc("run", str(bundle.folder), "--engine", "process", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (bundle.folder / ".mlc/process/a/outputs/o/said").read_text() == SAID
