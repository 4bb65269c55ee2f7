"""Environments become images: an author's Dockerfile, packages by uv, and the Python that was asked for or words."""

import json

import pytest
from tests.support.bundles import mlc, write_files
from tests.support.standins import OPENMPI

pytestmark = pytest.mark.engine

PIPELINE = """\
type: pipeline
jobs:
  show:
    component: ./show.yml
"""
SHOW = """\
type: command
name: show
outputs: {{out: {{type: uri_folder}}}}
code: ./code
environment: {environment}
command: {command}
"""


def project(folder, name, environment, command, **files):
    show = SHOW.format(environment=json.dumps(environment), command=command)
    return write_files(folder / name, {f"{name}.yml": PIPELINE, "show.yml": show, "code/x.txt": "x\n"} | files)


def test_an_authors_dockerfile_is_built_and_continued(tmp_path, compiled):
    dockerfile = f"""\
FROM {OPENMPI} AS maker
COPY made/ /made/
FROM {OPENMPI}
COPY --from=maker /made/mark.txt /opt/mark.txt
ENV MARK="it's $HOME"
WORKDIR /opt
ENTRYPOINT ["/bin/false"]
USER nobody
"""
    source = project(
        tmp_path,
        "author",
        {"build": {"path": "./docker"}},
        "cp /opt/mark.txt ${{outputs.out}} && ls > ${{outputs.out}}/here.txt",
        **{"docker/Dockerfile": dockerfile, "docker/made/mark.txt": "made\n"},
    )
    bundle = compiled(source / "author.yml")
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    out = bundle.copy("show", "out", tmp_path / "copy")
    assert (out / "mark.txt").read_text() == "made\n"
    # The step starts in its code, not in the author's WORKDIR.
    assert (out / "here.txt").read_text() == "logs\noutputs\nx.txt\n"


def test_packages_are_installed_beside_the_images_own(tmp_path, compiled):
    conda = {"dependencies": ["python=3.11", "pip", {"pip": ["six==1.16.0"]}]}
    command = "python -c 'import six, sys; print(six.__version__, sys.prefix)' > ${{outputs.out}}/versions.txt"
    source = project(tmp_path, "packages", {"image": OPENMPI, "conda_file": conda}, json.dumps(command))
    bundle = compiled(source / "packages.yml")
    done = bundle.up()
    assert done.returncode == 0, done.stdout
    assert (bundle.copy("show", "out", tmp_path / "copy") / "versions.txt").read_text() == "1.16.0 /opt/mlc/env\n"


def test_another_python_than_the_images_is_brought_or_refused_in_words(tmp_path, engine):
    conda = {"dependencies": ["python=3.12", "pip", {"pip": ["six==1.16.0"]}]}
    command = "python --version > ${{outputs.out}}/version.txt; cat ${{outputs.out}}/version.txt"
    source = project(tmp_path, "newer", {"image": OPENMPI, "conda_file": conda}, command)
    built = mlc("build", "newer.yml", cwd=source, engine=engine)
    if built.returncode == 0:  # uv could download one
        ran = mlc("run", "out/newer", cwd=source, engine=engine)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "Python 3.12" in ran.stdout + ran.stderr
    else:
        assert built.returncode == 3, built.stdout + built.stderr
        assert "Python 3.12" in built.stderr
        assert "Traceback" not in built.stderr


def test_a_package_that_does_not_exist_is_named_with_the_authors_file(tmp_path, engine):
    conda = "dependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - six==0.0.0.404\n"
    environment = {"image": OPENMPI, "conda_file": "./conda.yaml"}
    source = project(tmp_path, "missing", environment, "'true'", **{"conda.yaml": conda})
    built = mlc("build", "missing.yml", cwd=source, engine=engine)
    assert built.returncode == 3, built.stdout + built.stderr
    assert "six==0.0.0.404" in built.stderr
    assert "Traceback" not in built.stderr
