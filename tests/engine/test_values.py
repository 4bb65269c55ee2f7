"""Values, paths and names as people have them reach the steps as they are, and are never evaluated."""

import json
import os
from pathlib import Path

import pytest
from tests.support.bundles import steps_run, write_files
from tests.support.standins import BUSYBOX, OPENMPI

pytestmark = pytest.mark.engine

HOSTILE = {
    "blanks": "two  words",
    "quotes": 'it\'s "quoted"',
    "dollar": "$HOME ${HOME} $(id) `id`",
    "shell": "; touch /mlc/outputs/out/pwned & | > < * ? ~",
    "backslash": "a\\b\\\\c\\n",
    "template": "{{ x }} {% if %} %s %d",
    "unicode": "žluťoučký 日本 🙂",
    "lines": "first\nsecond\n",
    "hash": "# no comment",
    "colon": "a: b, [c], {d}",
    "equals": "--a=b",
}

SCRIPT = """\
import json, os, sys
from pathlib import Path

folder = Path(sys.argv[1])
(folder / "values.json").write_text(json.dumps(sys.argv[2:]))
"""


def pipeline():
    inputs = "".join(f"  {name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in HOSTILE.items())
    ports = "".join(f"  {name}: {{type: string}}\n" for name in HOSTILE)
    passed = "".join(f"      {name}: ${{{{parent.inputs.{name}}}}}\n" for name in HOSTILE)
    head = f"type: pipeline\ninputs:\n{inputs}"
    words = " ".join(f"'${{{{inputs.{name}}}}}'" for name in HOSTILE)
    return {
        "values.yml": f"{head}jobs:\n  show:\n    component: ./show.yml\n    inputs:\n{passed}",
        "show.yml": f"type: command\nname: show\ninputs:\n{ports}outputs: {{out: {{type: uri_folder}}}}\n"
        f"code: ./code\nenvironment: {{image: {OPENMPI}}}\n"
        f"command: python3 show.py ${{{{outputs.out}}}} {words}\n",
        "code/show.py": SCRIPT,
    }


def test_values_reach_the_step_as_they_are(tmp_path, compiled):
    bundle = compiled(write_files(tmp_path / "project", pipeline()) / "values.yml")
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    out = bundle.copy("show", "out", tmp_path / "copy")
    assert sorted(path.name for path in out.iterdir()) == ["values.json"]
    assert dict(zip(HOSTILE, json.loads((out / "values.json").read_text()), strict=True)) == HOSTILE


def test_values_given_when_starting_reach_the_step_as_they_are(tmp_path, compiled):
    bundle = compiled(write_files(tmp_path / "project", pipeline()) / "values.yml")
    value = "new $(id) 'value' \"$HOME\""
    done = bundle.up(INPUT_DOLLAR=value)
    assert done.returncode == 0, done.stdout
    values = json.loads((bundle.copy("show", "out", tmp_path / "copy") / "values.json").read_text())
    assert values[list(HOSTILE).index("dollar")] == value


@pytest.mark.parametrize("name", ["with blank", "ünïcode 日本", "dollar $HOME", "quote's", "hash # and ; semicolon"])
def test_data_lies_in_folders_of_any_name(tmp_path, compiled, name):
    text = f"""\
type: pipeline
inputs:
  folder: {{type: uri_folder, path: {json.dumps("./" + name, ensure_ascii=False)}}}
  file: {{type: uri_file, path: {json.dumps(f"./{name}/{name}.txt", ensure_ascii=False)}}}
jobs:
  look:
    command: cat "${{{{inputs.file}}}}" "${{{{inputs.folder}}}}"/*.txt > ${{{{outputs.out}}}}/both.txt
    inputs: {{folder: "${{{{parent.inputs.folder}}}}", file: "${{{{parent.inputs.file}}}}"}}
    outputs: {{out: {{type: uri_folder}}}}
    environment: {{image: {BUSYBOX}}}
"""
    project = write_files(tmp_path / "project", {"look.yml": text, f"{name}/{name}.txt": "data\n"})
    bundle = compiled(project / "look.yml")
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    assert (bundle.copy("look", "out", tmp_path / "copy") / "both.txt").read_text() == "data\ndata\n"


OWNED = f"""\
type: pipeline
jobs:
  write:
    command: cd ${{{{outputs.out}}}} && id -u > uid.txt && mkdir sub && echo x > sub/x.txt
    outputs: {{out: {{type: uri_folder}}}}
    environment: {{image: {BUSYBOX}}}
  read:
    command: cat ${{{{inputs.made}}}}/uid.txt > ${{{{outputs.out}}}}/uid.txt && ! touch ${{{{inputs.made}}}}/more.txt
    inputs: {{made: "${{{{parent.jobs.write.outputs.out}}}}"}}
    outputs: {{out: {{type: uri_folder}}}}
    environment: {{image: {BUSYBOX}}}
"""


@pytest.mark.parametrize("user", ["1000", "12345"])
def test_steps_run_as_the_user_that_is_asked_for_and_inputs_are_read_only(tmp_path, compiled, user):
    bundle = compiled(write_files(tmp_path / "project", {"owned.yml": OWNED}) / "owned.yml")
    chosen = {} if user == "1000" else {"MLC_UID": user, "MLC_GID": user}
    done = bundle.up(**chosen)
    assert done.returncode == 0, done.stdout
    assert steps_run(done.stdout) == ["write", "read"]
    copy = bundle.copy("write", "out", tmp_path / "copy")
    assert (copy / "uid.txt").read_text() == f"{user}\n"
    modes = {path.name: path.stat().st_mode & 0o777 for path in copy.rglob("*")}
    assert modes == {"uid.txt": 0o644, "sub": 0o755, "x.txt": 0o644}
    if os.geteuid() == 0:
        volume = bundle.engine.docker("volume", "inspect", "--format", "{{.Mountpoint}}", "owned_write-out").stdout
        assert Path(volume.strip(), "uid.txt").stat().st_uid == int(user)


def test_no_step_has_more_rights_than_it_needs(tmp_path, compiled):
    bundle = compiled(write_files(tmp_path / "project", {"owned.yml": OWNED}) / "owned.yml")
    assert bundle.up().returncode == 0
    (identity,) = bundle.compose("ps", "--all", "--quiet", "write").stdout.split()
    (container,) = json.loads(bundle.engine.docker("inspect", identity).stdout)
    host = container["HostConfig"]
    assert not host["Privileged"]
    assert host["NetworkMode"] != "host"
    assert host["CapDrop"] == ["ALL"]
    assert not [mount for mount in container["Mounts"] if "docker.sock" in mount["Source"]]


def test_a_value_chooses_the_file_below_data(tmp_path, compiled):
    text = f"""\
type: pipeline
inputs:
  tables: {{type: uri_folder, path: ./tables}}
  name: a
jobs:
  make:
    command: mkdir ${{{{outputs.made}}}}/in && cp ${{{{inputs.table}}}} ${{{{outputs.made}}}}/in/a.txt
    environment: {{image: {BUSYBOX}}}
    inputs: {{table: {{type: uri_file, path: "${{{{parent.inputs.tables}}}}/sub/${{{{parent.inputs.name}}}}.csv"}}}}
    outputs: {{made: {{type: uri_folder}}}}
  show:
    command: cat ${{{{inputs.text}}}} > ${{{{outputs.out}}}}/text
    environment: {{image: {BUSYBOX}}}
    inputs: {{text: {{type: uri_file, path: "${{{{parent.jobs.make.outputs.made}}}}/in/a.txt"}}}}
    outputs: {{out: {{type: uri_folder}}}}
"""
    files = {"choose.yml": text, "tables/sub/a.csv": "first\n", "tables/sub/b.csv": "second\n"}
    bundle = compiled(write_files(tmp_path / "project", files) / "choose.yml")
    for name, content in (("a", "first\n"), ("b", "second\n")):
        done = bundle.up(INPUT_NAME=name)
        assert done.returncode == 0, done.stdout
        out = bundle.copy("show", "out", tmp_path / f"copy-{name}")
        assert (out / "text").read_text() == content
    done = bundle.up(INPUT_NAME="../../etc/passwd")
    assert done.returncode != 0
    assert "make-1" in done.stdout
    assert ".." in done.stdout
