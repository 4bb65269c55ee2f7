"""Hundreds of hostile values reach steps as they are, in every place of a command, on every engine.

One step gets them all: from the YAML, from whoever starts the bundle, and as values that another step has made. It
writes down the arguments that programs got for each, and what else lies in its working folder: nothing may.
"""

import json
import re
from pathlib import Path

import pytest
from tests.support.bundles import mlc, write_files
from tests.support.standins import OPENMPI
from tests.unit.runtime.values import VALUES

# Text with half a character is refused, what looks like an expression is one, and an empty text is no value.
GIVEN = [value for value in VALUES if "\udce9" not in value and "${{" not in value]
MADE = [value for value in GIVEN if len(value) < 100][::12]

PLACES = {
    "words": "show %s",
    "joined": "show --k=%s/z",
    "single": "show 'a%sb'",
    "double": 'show "a%sb"',
    "assigned": 'w=a%sb; show "$w"',
    "document": 'show "$(cat <<STOP\na%sb\nSTOP\n)"',
    "substituted": 'show "$(printf %%s "a%sb"; echo .)"',
    "backticks": 'w=`show "a%sb"`',
    "default": "show ${NONE:-'a%sb'}",
    "array": 'w=(a %s b); show "${w[@]}"',
    "inner": """bash -c '. ./show.sh; show "a%sb"'""",
    "inner words": 'bash -c ". ./show.sh; show a%sb"',
    "evaluated": "eval 'show \"a%sb\"'",
    "comment": "show ok # %s",
}
"""How a command may use a value; each with what is expected below."""
SHOW = 'show() { printf "%s\\0" "$#" "$@" >>"$SHOWN"; }\n'


def words(text: str) -> list[str]:
    return [word for word in re.split("[ \t\n]", text) if word]


def expected(place: str, value: str) -> list[str]:
    """The arguments that a program must get for a value."""
    match place:
        case "words":
            return words(value)
        case "joined":
            return words(f"--k={value}/z")
        case "array":
            return ["a", *words(value), "b"]
        case "inner words":
            return words(f"a{value}b")
        case "comment":
            return ["ok"]
        case "substituted":
            return [f"a{value}b."]
        case _:
            return [f"a{value}b"]


def command(place: str, count: int) -> str:
    lines = (PLACES[place] % f"${{{{inputs.v{number}}}}}" for number in range(count))
    report = ["ls -A > ${{outputs.out}}/left", "test -s $SHOWN"]
    return "\n".join(["export SHOWN=${{outputs.out}}/shown", ". ./show.sh", *lines, *report])


def as_yaml(value: object) -> str:
    """JSON, but for letters beyond the first plane, which YAML escapes in another way."""
    pairs = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)")
    text = json.dumps(value, indent=1)
    return pairs.sub(lambda match: bytes.fromhex(match[1] + match[2]).decode("utf-16-be"), text)


def project(root: Path, places: list[str], values: list[str]) -> Path:
    names = [f"v{number}" for number in range(len(values))]
    jobs = {}
    files = {"code/show.sh": SHOW}
    for number, place in enumerate(places):
        component = {
            "type": "command",
            "name": f"show{number}",
            "inputs": {name: {"type": "string"} for name in names},
            "outputs": {"out": {"type": "uri_folder"}},
            "code": "./code",
            "environment": {"image": OPENMPI},
            "command": command(place, len(values)),
        }
        files[f"show{number}.yml"] = as_yaml(component)
        jobs[f"show{number}"] = {
            "component": f"./show{number}.yml",
            "inputs": {name: f"${{{{parent.inputs.{name}}}}}" for name in names},
        }
    files["hostile.yml"] = as_yaml({"type": "pipeline", "inputs": dict(zip(names, values, strict=True)), "jobs": jobs})
    return write_files(root, files) / "hostile.yml"


def shown(folder: Path) -> list[list[str]]:
    fields = iter((folder / "shown").read_bytes().decode().split("\0")[:-1])
    assert set((folder / "left").read_text().split()) <= {"show.sh", "outputs", "logs"}
    return [[next(fields) for _ in range(int(count))] for count in fields]


def test_values_of_a_pipeline_reach_containers_as_they_are(tmp_path, compiled):
    bundle = compiled(project(tmp_path / "project", list(PLACES), GIVEN))
    done = bundle.up()
    assert done.returncode == 0, done.stdout[-3000:]
    for number, place in enumerate(PLACES):
        found = shown(bundle.copy(f"show{number}", "out", tmp_path / f"copy{number}"))
        assert found == [expected(place, value) for value in GIVEN], place


def test_values_given_when_starting_reach_containers_as_they_are(tmp_path, compiled):
    places = ["words", "inner", "document"]
    bundle = compiled(project(tmp_path / "project", places, ["x"] * len(GIVEN)))
    done = bundle.up(**{f"INPUT_V{number}": value for number, value in enumerate(GIVEN)})
    assert done.returncode == 0, done.stdout[-3000:]
    for number, place in enumerate(places):
        found = shown(bundle.copy(f"show{number}", "out", tmp_path / f"copy{number}"))
        assert found == [expected(place, value) for value in GIVEN], place


@pytest.mark.parametrize("engine_name", ["docker", "process"])
def test_values_given_to_a_run_reach_steps_as_they_are(tmp_path, engine, compiled, engine_name):
    places = list(PLACES)
    bundle = compiled(project(tmp_path / "project", places, ["x"] * len(GIVEN)))
    given = [part for number, value in enumerate(GIVEN) for part in ("--input", f"v{number}={value}")]
    ran = mlc("run", str(bundle.folder), "--engine", engine_name, *given, cwd=tmp_path, engine=engine)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    for number, place in enumerate(places):
        fetched = mlc("outputs", str(bundle.folder), f"show{number}.out", "--to", "copies", cwd=tmp_path, engine=engine)
        assert fetched.returncode == 0, fetched.stderr
        found = shown(tmp_path / "copies" / f"show{number}.out")
        assert found == [expected(place, value) for value in GIVEN], place


def test_values_that_a_step_makes_reach_the_next_one_as_they_are(tmp_path, compiled):
    places = ["words", "inner", "document"]
    source = project(tmp_path / "project", places, MADE)
    texts = {f"code/{number}.txt": value for number, value in enumerate(MADE)}
    names = [f"v{number}" for number in range(len(MADE))]
    pipeline = {
        "type": "pipeline",
        "jobs": {
            "make": {"component": "./make.yml"},
            **{
                f"show{number}": {
                    "component": f"./show{number}.yml",
                    "inputs": {name: f"${{{{parent.jobs.make.outputs.{name}}}}}" for name in names},
                }
                for number in range(len(places))
            },
        },
    }
    make = {
        "name": "make",
        "command": "\n".join(f"cp {number}.txt ${{{{outputs.v{number}}}}}" for number in range(len(MADE))),
        "code": "./code",
        "environment": {"image": OPENMPI},
        "outputs": {name: {"type": "string"} for name in names},
    }
    write_files(source.parent, {"made.yml": as_yaml(pipeline), "make.yml": as_yaml(make), **texts})
    for number in range(len(places)):
        show = source.parent / f"show{number}.yml"
        show.write_text(show.read_text().replace('"./code"', '"./shown"'))
    write_files(source.parent, {"shown/show.sh": SHOW})
    bundle = compiled(source.parent / "made.yml")
    done = bundle.up()
    assert done.returncode == 0, done.stdout[-3000:]
    for number, place in enumerate(places):
        found = shown(bundle.copy(f"show{number}", "out", tmp_path / f"copy{number}"))
        assert found == [expected(place, value.rstrip("\n")) for value in MADE], place
