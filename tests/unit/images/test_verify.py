"""What is tried, and what is made of the answers; the program itself runs here with this Python."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from tests.unit.runtime.shim import VERSIONS, interpreter

from mlc import resources
from mlc.diagnostics import Bag, Span
from mlc.files import File
from mlc.images import verify
from mlc.images.engine import Endpoint, Engine
from mlc.images.entries import started
from mlc.images.report import Silence
from mlc.ir.environment import Requirement
from mlc.ir.image import Image, MambaInstall, UseImage, UvInstall
from mlc.ir.lock import Lock, LockedPackage
from mlc.ir.parallel import Parallel
from mlc.ir.plan import Plan, PlanComponent, Task
from mlc.ir.template import InputRef, Text

ENGINE = Engine(endpoint=Endpoint(url="unix:///nowhere", origin="test"), version="28", api="1.50")


def task(name, command, **more):
    parts = (Text(text=command), InputRef(name="x"))
    return Task(name=name, component=name, image="env", command=parts, **more)


def image(recipe, *components):
    return Image(name="env", recipe=recipe, components=components, reference="mlc/p-env:1", span=Span("p.yml", 4, 1))


def plan(recipe, *tasks):
    made = image(recipe, *(one.component for one in tasks))
    return Plan(name="p", tasks=tasks, images=(made,), components=())


UV = UvInstall(
    base="b",
    python="3.11",
    requirements=(
        "--extra-index-url https://x/y",
        "Scikit_Learn[all]>=1",
        "old; python_version < '3'",
        "git+https://x/y",
    ),
    lock=Lock(pip=(LockedPackage(name="scikit-learn", version="1"), LockedPackage(name="joblib", version="1"))),
)


def test_what_was_asked_for_is_told_from_what_that_needs():
    spec = verify.what_to_try(plan(UV), image(UV))
    assert spec == {"asked": ["scikit-learn"], "maybe": [], "needed": ["joblib"], "entries": []}


def test_conda_packages_may_be_pythons():
    recipe = MambaInstall(base="b", python="3.8", channels=(), conda=("conda-forge::NumPy=1.20", "mesa"), pip=("six",))
    spec = verify.what_to_try(plan(recipe), image(recipe))
    assert (spec["asked"], spec["maybe"]) == (["six"], ["mesa", "numpy"])


def entries(command, *files, **more):
    """What is tried of a step with ``command``, whose component has ``files``; without what is always there."""
    one = task("t", command, **more)
    made = PlanComponent(name="t", files=tuple((name, File(text.encode())) for name, text in files))
    whole = replace(plan(UseImage(base="b"), one), components=(made,))
    found = started(whole, one)
    return [{key: value for key, value in one.items() if key not in ("component", "folder")} for one in found.entries]


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("python train.py --x ", [{"file": "train.py"}]),
        (
            "pip list; python3 -u src/a.py && python b.py ",
            [{"made": True, "file": "src/a.py"}, {"made": True, "file": "b.py"}],
        ),
        ("cd sub && cd deep; python train.py ", [{"cwd": "sub/deep", "file": "train.py"}]),
        ("cd /data && python train.py ", []),
        ("cd $HERE && python train.py ", []),
        ("python -m pkg.mod --x ", [{"module": "pkg.mod"}]),
        ("python -m torch.distributed.launch t.py ", [{"module": "torch.distributed.launch"}, {"file": "t.py"}]),
        ("OMP_NUM_THREADS=1 python -W ignore 'my train.py' ", [{"file": "my train.py"}]),
        ("pip install six \\\n && python a.py ", [{"installs": True, "made": True, "file": "a.py"}]),
        ("git clone x y && cd y && python a.py ", [{"made": True, "cwd": "y", "file": "a.py"}]),
        ("bash -c 'python a.py --x 1' ", [{"file": "a.py"}]),
        ("mpirun -n 2 python a.py ", [{"file": "a.py"}]),
        ("torchrun --nproc_per_node 2 a.py ", [{"file": "a.py"}]),
        ("if [ -f x ]; then python a.py; fi ", [{"file": "a.py"}]),
        ("python -c 'import a' ", []),
        ("bash other.sh ", []),
        ("echo python.py 'it is' \" ", []),
    ],
)
def test_what_commands_start(command, found):
    assert entries(command) == found


def test_a_shell_script_of_the_component_is_read():
    script = "#!/bin/bash\nset -e\n# python no.py\ncd src\npython train.py \\\n  --x 1\n./run.sh\n"
    assert entries("sh ./run.sh ", ("run.sh", script)) == [{"cwd": "src", "file": "train.py"}]


def test_the_entry_script_of_a_parallel_step_is_imported():
    job = Parallel(entry_script="src/score.py", input_data="x")
    assert entries("--x ", parallel=job, environment=(("A", "1"),)) == [
        {"file": "src/score.py", "function": True, "variables": {"A": "1"}}
    ]


def test_other_languages_are_said_not_to_be_tried(docker, capsys):
    class Heard(Silence):
        def message(self, text):
            print(text)

    (docker / "says").write_text("MLC-VERIFY []")
    verify.verify(plan(UV, task("tidy", "Rscript tidy.R ")), ENGINE, Heard(), Bag())
    assert "component tidy starts is not tried: Rscript is no Python" in capsys.readouterr().out


def test_the_module_of_a_python_function():
    made = plan(
        UseImage(base="b"), task("t", "mldesigner execute --source f.py --name g --inputs x=", is_python_function=True)
    )
    entry = {"component": "t", "folder": "/mlc/components/t", "file": "f.py", "function": True}
    assert verify.what_to_try(made, made.images[0])["entries"] == [entry]


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """A `docker` that answers with the content of `says`, and counts its runs."""
    (tmp_path / "docker").write_text(
        f"#!/bin/sh\necho x >> {tmp_path}/runs\ncat {tmp_path}/says\nexit $(cat {tmp_path}/code)\n"
    )
    (tmp_path / "docker").chmod(0o755)
    (tmp_path / "code").write_text("0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def tried(docker, says, made=None):
    (docker / "says").write_text(says)
    bag = Bag()
    made = made or plan(UV)
    return verify.verify(made, ENGINE, Silence(), bag), bag.sorted()


def test_problems_lead_to_the_line_that_asked(docker):
    made = plan(UV)
    origins = (Requirement(text="Scikit_Learn[all]>=1", span=Span("conda.yml", 7, 9)),)
    made = replace(made, images=(replace(made.images[0], origins=origins),))
    problems = [
        ["asked", "scikit-learn", "import sklearn: ImportError: x", "", 0],
        ["needed", "joblib", "import joblib: ImportError: x", "", 0],
        ["entry", "train", "import y: ModuleNotFoundError: No module named 'y'", "train.py", 3],
        ["note", "score", "--help: status 1", "score.py", 0],
    ]
    done, said = tried(docker, "noise\nMLC-VERIFY " + json.dumps(problems), made)
    assert [one.good for one in done] == [False]
    assert [(item.code, item.span.line) for item in said] == [("E625", 7), ("E626", 4), ("W625", 4), ("W626", 4)]
    assert "train.py:3: import y" in said[1].text


def test_what_was_good_is_not_tried_again(docker):
    assert tried(docker, "MLC-VERIFY []") == ((verify.Tried(image="env", good=True),), [])
    assert tried(docker, "")[0] == (verify.Tried(image="env", good=True, known=True),)
    assert len((docker / "runs").read_text().split()) == 1


def test_an_image_without_python_says_so(docker):
    (docker / "code").write_text("66")
    done, said = tried(docker, "")
    assert not done[0].good
    assert [item.code for item in said] == ["E627"]
    assert "no Python" in said[0].text


def run(python=sys.executable, **spec):
    program = resources.templates() / "verify" / "try_image.py"
    asked = {"asked": [], "maybe": [], "needed": [], "entries": []} | spec
    done = subprocess.run([python, str(program), json.dumps(asked)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1].removeprefix("MLC-VERIFY "))


def test_packages_of_this_python():
    assert run(asked=["jinja2", "not-there", "pyyaml"], maybe=["nor-this"], needed=["markupsafe"]) == [
        ["asked", "not-there", "it is not installed", "", 0]
    ]


def entry(folder, file, **more):
    return {"component": "c", "folder": str(folder), "file": file} | more


def test_a_script_is_read_with_its_own_modules_and_not_run(tmp_path):
    (tmp_path / "a.py").write_text(
        "import os\nimport own\nopen('ran', 'w')\ntry:\n    import gone\nexcept ImportError: 0\n"
    )
    (tmp_path / "own.py").write_text("import sys\n\nfrom missing.part import x\n")
    assert run(entries=[entry(tmp_path, "a.py")]) == [
        ["entry", "c", "import missing: ModuleNotFoundError: No module named 'missing'", "own.py", 3]
    ]
    assert not (tmp_path / "ran").exists()


def test_help_of_a_script_with_a_parser(tmp_path):
    (tmp_path / "good.py").write_text("import argparse\nargparse.ArgumentParser().parse_args()\n")
    (tmp_path / "bad.py").write_text(
        "import argparse\nfrom os import nothing\nargparse.ArgumentParser().parse_args()\n"
    )
    (tmp_path / "odd.py").write_text("import argparse\n1 / 0\nargparse.ArgumentParser().parse_args()\n")
    told = run(entries=[entry(tmp_path, name) for name in ("good.py", "bad.py", "odd.py", "none.py")])
    assert [(kind, file) for kind, _, _, file, _ in told] == [
        ("entry", "bad.py"),
        ("note", "odd.py"),
        ("entry", "none.py"),
    ]


def test_a_syntax_error_has_its_line(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nif:\n")
    assert run(entries=[entry(tmp_path, "a.py")])[0][3:] == ["a.py", 2]


def test_the_module_of_a_function_is_imported_and_may_end_its_process(tmp_path):
    (tmp_path / "f.py").write_text("import os\nos._exit(5)\n")
    told = run(entries=[entry(tmp_path, "f.py", function=True)])
    assert told == [["entry", "c", "import f: the process ended with status 5", "f.py", 0]]


def test_modules_are_looked_for_where_the_command_runs_them(tmp_path):
    files = {
        "pkg/__init__.py": "",
        "pkg/mod.py": "import gone\n",
        "src/a.py": "import own\n",
        "src/own.py": "import os\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    def of(**more):
        return {"component": "c", "folder": str(tmp_path), **more}

    told = run(
        entries=[
            of(module="pkg.mod"),
            of(module="pkg.mod", installs=True),
            of(module="pkg.none"),
            of(module="json.tool"),
            of(module="no_such_package.x"),
            of(file="a.py", cwd="src"),
            of(file="a.py", made=True),
            of(file="a.py", cwd="none"),
        ]
    )
    assert [(kind, why.partition(":")[0], file) for kind, _, why, file, _ in told] == [
        ("entry", "import gone", "pkg/mod.py"),
        ("note", "import gone", "pkg/mod.py"),
        ("entry", "there is no file pkg/none.py", "pkg/none.py"),
        ("entry", "python -m no_such_package.x", ""),
        ("note", "there is no file a.py", "a.py"),
        ("entry", "there is no folder none", "none"),
    ]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with packages of many kinds, which a Python of any version finds."""
    files = {
        "odd_name/__init__.py": "",
        "ns/inner/part/__init__.py": "import gone_from_ns\n",
        "loose/only.py": "import gone_from_loose\n",
        "old/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
        "old/sub/__init__.py": "import gone_from_old\n",
        "gpu.py": "raise ImportError('libcuda.so.1: cannot open shared object file')\n",
        "toolkit.py": "raise ImportError('libcudart.so.11: cannot open shared object file')\n",
        "egg_mod/__init__.py": "import gone_from_egg\n",
        "Egg_Dist-1.0-py3.6.egg-info/top_level.txt": "egg_mod\n",
    }
    lists = {
        "Dist_Name-1.dist-info": ["odd_name/__init__.py"],
        "ns_part-1.dist-info": ["ns/inner/part/__init__.py"],
        "loose-1.dist-info": ["loose/only.py"],
        "old_sub-1.dist-info": ["old/__init__.py", "old/sub/__init__.py"],
        "gpu-1.dist-info": ["gpu.py"],
        "toolkit-1.dist-info": ["toolkit.py", "../../../bin/tool"],
    }
    files |= {f"{name}/RECORD": "".join(f"{path},sha256=x,1\n" for path in paths) for name, paths in lists.items()}
    for name, text in files.items():
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    return tmp_path


@pytest.mark.parametrize("version", VERSIONS)
def test_packages_and_entries_with_each_python(site, version):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    (site / "train.py").write_text("import odd_name, argparse\nargparse.ArgumentParser().parse_args()\n")
    (site / "late.py").write_text("import argparse\nimport gpu\nargparse.ArgumentParser().parse_args()\n")
    asked = ["dist-name", "ns-part", "loose", "old-sub", "gpu", "toolkit", "egg-dist"]
    told = run(python, asked=asked, entries=[entry(site, "train.py"), entry(site, "late.py")])
    assert sorted((kind, name, why.split(": ")[0]) for kind, name, why, *_ in told) == [
        ("asked", "egg-dist", "import egg_mod"),
        ("asked", "loose", "import loose.only"),
        ("asked", "ns-part", "import ns.inner.part"),
        ("asked", "old-sub", "import old.sub"),
        ("asked", "toolkit", "import toolkit"),
        ("gpu", "gpu", "import gpu"),
        ("note", "c", "import gpu"),
    ]
