"""What commands get at run time: optional parts, values that steps make, text around values, variables, artifacts."""

import pytest
from tests.support.bundles import mlc, steps_run, steps_skipped, write_files
from tests.support.standins import BUSYBOX

pytestmark = pytest.mark.engine

PIPELINE = """\
from azure.ai.ml import Input, command, dsl, load_component
from azure.ai.ml.entities import Environment

make, show = load_component("make.yml"), load_component("show.yml")
say = command(name="say", command="date", environment=Environment(image="IMAGE"))


@dsl.pipeline(on_init="begin", on_finalize="end")
def language(
    greeting: str, given: Input(type="string", optional=True), absent: Input(type="string", optional=True),
    count: Input(type="integer", optional=True), flag: bool = True,
):
    end = say()
    made = make()
    shown = show(
        given=given, absent=absent, count=count, flag=flag, whole=made.outputs.whole, part=made.outputs.part,
        yes=made.outputs.yes, text=made.outputs.text, artifacts=made.outputs.artifacts,
        joined=f"{greeting}-{made.outputs.whole}/{made.outputs.text}",
    )
    shown.environment_variables = {"HOME": "/tmp", "MLFLOW_RUN_NAME": "mine"}
    shown.environment_variables["GREETING"] = "it's $HOME ${X} \\"q\\"\\nline2"
    begin = say()
    return {"result": shown.outputs.out}


job = language(greeting="hello", given="here")
""".replace("IMAGE", BUSYBOX)

MAKE = """\
name: make
type: command
is_deterministic: false
environment: {image: IMAGE}
outputs:
  whole: {type: integer}
  part: {type: number}
  yes: {type: boolean}
  text: {type: string}
  artifacts: {type: uri_folder}
command: |-
  echo 7 > ${{outputs.whole}}; echo 2.5 > ${{outputs.part}}; echo True > ${{outputs.yes}}
  printf 'two words\\n' > ${{outputs.text}}
  mkdir -p outputs logs; echo world > outputs/world.txt; echo line > logs/log.txt
""".replace("IMAGE", BUSYBOX)

SHOW = """\
name: show
type: command
inputs:
  given: {type: string, optional: true}
  absent: {type: string, optional: true}
  count: {type: integer, optional: true, default: 3}
  flag: {type: boolean}
  whole: {type: integer}
  part: {type: number}
  yes: {type: boolean}
  text: {type: string}
  joined: {type: string}
  artifacts: {type: uri_folder}
outputs: {out: {type: uri_folder}}
environment: {image: IMAGE}
command: >-
  echo $[[--given ${{inputs.given}}]] $[[--absent ${{inputs.absent}}]]
  $[[--both ${{inputs.given}} ${{inputs.absent}}]]
  $[[--outer ${{inputs.given}} $[[--inner ${{inputs.absent}}]]]]
  --count ${{inputs.count}} --flag ${{inputs.flag}} --whole ${{inputs.whole}} --part ${{inputs.part}}
  --yes ${{inputs.yes}} --text '${{inputs.text}}' --joined "${{inputs.joined}}" > ${{outputs.out}}/arguments &&
  printf '%s|' "$GREETING" "$HOME" "$MLFLOW_RUN_NAME" "$AZUREML_PARAMETER_whole" > ${{outputs.out}}/variables &&
  cat ${{inputs.artifacts}}/outputs/world.txt ${{inputs.artifacts}}/logs/log.txt > ${{outputs.out}}/artifacts
""".replace("IMAGE", BUSYBOX)

MADE = "--flag True --whole 7 --part 2.5 --yes True --text two words --joined hello-7/two words\n"
TAIL = {"artifacts": "world\nline\n", "variables": 'it\'s $HOME ${X} "q"\nline2|/tmp|mine|7|'}


FILES = {"language.py": PIPELINE, "make.yml": MAKE, "show.yml": SHOW}


def texts(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_what_commands_get_in_containers(tmp_path, compiled):
    source = write_files(tmp_path / "project", FILES) / "language.py"
    bundle = compiled(source)
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    run = steps_run(done.stdout)
    assert (run[0], run[-1], sorted(run)) == ("begin", "end", ["begin", "end", "made", "shown"])
    found = texts(bundle.copy("shown", "out", tmp_path / "one"))
    assert found == {"arguments": f"--given here --outer here --count 3 {MADE}", **TAIL}

    done = bundle.up(INPUT_GIVEN="", INPUT_ABSENT="x y", INPUT_COUNT="9")
    assert done.returncode == 0, done.stdout
    assert (set(steps_run(done.stdout)), steps_skipped(done.stdout)) == ({"made", "shown", "end"}, {"begin"})
    found = texts(bundle.copy("shown", "out", tmp_path / "two"))
    assert found == {"arguments": f"--absent x y --count 9 {MADE}", **TAIL}


def test_what_commands_get_as_processes(tmp_path, compiled):
    source = write_files(tmp_path / "project", FILES) / "language.py"
    bundle = compiled(source)
    out = bundle.folder / ".mlc" / "process" / "shown" / "outputs" / "out"
    for given, arguments in (
        ([], f"--given here --outer here --count 3 {MADE}"),
        (["given=", "absent=x y", "count=9"], f"--absent x y --count 9 {MADE}"),
    ):
        options = [word for text in given for word in ("--input", text)]
        ran = mlc("run", str(bundle.folder), "--engine", "process", *options, cwd=tmp_path)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert texts(out) == {"arguments": arguments, **TAIL}
