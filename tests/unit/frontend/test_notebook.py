"""Notebooks: cells in order in one namespace, magics, files that exist only while loading, broken files."""

import json

import pytest
from tests.support.scripts import HEAD, notebook

from mlc.diagnostics import Bag
from mlc.frontend import Request, load
from mlc.frontend.notebook.cells import Python, Skipped, WriteFile, parse_cell, python

PIPELINE = "@pipeline()\ndef p(d):\n    x = a(data=d, n=number)\n\njob = p(Input(path='.'))\n"


def test_cells_share_a_namespace(tmp_path):
    loaded = notebook(tmp_path, HEAD, "number = 3", PIPELINE)
    assert loaded.said == []
    assert loaded.bound("x") == {"data": "input d", "n": "3"}


def test_places_are_cell_and_line(tmp_path):
    loaded = notebook(tmp_path, HEAD, "number = 3\n\nnumber.nothing", PIPELINE)
    (item,) = loaded.bag.items
    assert item.span.file == f"{tmp_path / 'job.ipynb'}:cell 2"
    assert (item.code, item.span.line) == ("E201", 3)
    assert loaded.bag.sources[item.span.file].startswith("number = 3")


def test_every_cell_that_is_not_python_is_reported(tmp_path):
    loaded = notebook(tmp_path, "x = (", "y = 1", "z = = 2")
    assert [item.span.file.rpartition(" ")[2] for item in loaded.bag.items] == ["1", "3"]
    assert set(loaded.codes) == {"E202"}


def test_magics_and_shell_lines(tmp_path):
    magics = """
    %pip install pandas
    %matplotlib inline
    !ls -la \\
        /tmp
    files = !ls
    if files == []:
        %load_ext autoreload
    %time number = 4
    text = '''
    %not a magic
    '''
    get_ipython().run_line_magic("pip", "x")
    display(text)
    help?
    """
    loaded = notebook(tmp_path, HEAD, magics, "%%bash\nexit 1", "%%capture out\nnumber += 1", PIPELINE)
    assert loaded.said == []
    assert loaded.bound("x")["n"] == "5"


def test_a_top_level_await(tmp_path):
    cell = "import asyncio\nasync def get():\n    return 6\nnumber = await get()"
    assert notebook(tmp_path, HEAD, cell, PIPELINE).bound("x")["n"] == "6"


def test_written_files_are_there_while_loading_and_gone_afterwards(tmp_path):
    (tmp_path / "kept.txt").write_text("before", encoding="utf-8")
    loaded = notebook(
        tmp_path,
        HEAD,
        "import os\nfolder = 'made'\nos.makedirs(f'{folder}/sub', exist_ok=True)",
        "%%writefile {folder}/step.py\nfrom mldesigner import command_component\n@command_component()\ndef step(): ...",
        "%%writefile -a $folder/step.py\nX = 1",
        "%%writefile kept.txt\nafter",
        "assert open('kept.txt').read() == 'after\\n'",
        "from made.step import step, X\n@pipeline()\ndef p():\n    x = step()\njob = p()",
    )
    assert loaded.said == []
    component = loaded.command("x").component
    assert component.code is not None
    ((name, file),) = component.code.files
    assert name == "step.py"
    assert file.read().endswith(b"def step(): ...\nX = 1\n")
    assert (tmp_path / "kept.txt").read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["job.ipynb", "kept.txt", "parts.py"]


def test_a_file_that_cannot_be_written_is_reported_at_its_cell(tmp_path):
    loaded = notebook(tmp_path, HEAD, "%%writefile no/such/folder/x.py\nx = 1")
    (item,) = loaded.bag.items
    assert (item.code, item.span.file.rpartition(" ")[2]) == ("E201", "2")


def test_a_component_in_a_cell_needs_a_file(tmp_path):
    cell = "from mldesigner import command_component\n@command_component()\ndef step(): ...\n"
    loaded = notebook(tmp_path, HEAD, cell, "@pipeline()\ndef p():\n    step()\njob = p()")
    assert loaded.codes == ["E207"]
    assert "%%writefile" in loaded.bag.items[0].fix


def test_ipython_may_be_imported(tmp_path):
    cell = "from IPython.display import Image, display\nimport ipywidgets\nImage('x.png')\nnumber = 1"
    assert notebook(tmp_path, HEAD, cell, PIPELINE).said == []


def test_format_3(tmp_path):
    cells = [{"cell_type": "code", "input": [f"{line}\n" for line in (HEAD + "number = 1\n" + PIPELINE).split("\n")]}]
    bag = Bag()
    (tmp_path / "old.ipynb").write_text(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}), encoding="utf-8")
    from tests.support.scripts import PARTS

    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    pipeline = load(tmp_path / "old.ipynb", Request(), bag)
    assert bag.items == []
    assert pipeline is not None
    assert [node.name for node in pipeline.nodes] == ["x"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "This is not a notebook"),
        ("[" * 100_000, "This is not a notebook"),
        ("[]", "This JSON file is not a notebook"),
        ("null", "This JSON file is not a notebook"),
        ("{}", "This JSON file is not a notebook"),
        ('{"cells": 3}', "This JSON file is not a notebook"),
        ('{"cells": [3]}', "This JSON file is not a notebook"),
        ('{"cells": [{"cell_type": "code"}]}', "This JSON file is not a notebook"),
        ('{"cells": [{"cell_type": "code", "source": [1]}]}', "This JSON file is not a notebook"),
        ('{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "The notebook is written in R"),
        ('{"cells": [], "metadata": 3}', "This JSON file is not a notebook"),
    ],
)
def test_what_is_no_notebook(tmp_path, content, what):
    (tmp_path / "x.ipynb").write_text(content, encoding="utf-8")
    bag = Bag()
    assert load(tmp_path / "x.ipynb", Request(), bag) is None
    assert [item.code for item in bag.items] == ["E203"]
    assert bag.items[0].what.startswith(what)


@pytest.mark.parametrize(
    ("source", "cell"),
    [
        ("%%writefile a b.py\nx = 1", WriteFile("a b.py", "x = 1\n", append=False)),
        ("%%file -a 'x.txt'\n", WriteFile("x.txt", "", append=True)),
        ("%%html\n<b>", Skipped("html")),
        ("\n%%time\nx = 1", Python("\n\nx = 1")),
        ("x = 1", Python("x = 1")),
    ],
)
def test_kinds_of_cells(source, cell):
    assert parse_cell(source) == cell


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 5 % 3", "x = 5 % 3"),
        ("x = (5\n% 3)", "x = (5\n% 3)"),
        ("!ls\nx = (5\n% 3)", "pass\nx = (5\n% 3)"),
        ("!ls\nx = '''\n!no\n'''", "pass\nx = '''\n!no\n'''"),
        ("!ls\nx = 5 \\\n% 3", "pass\nx = 5 \\\n% 3"),
        ("for i in x:\n    !echo {i}", "for i in x:\n    pass"),
        ("a, b = !ls", "a, b = []"),
        ("x?\ny = 1", "pass\ny = 1"),
        ("%env A=b c", "__import__('os').environ.__setitem__('A', 'b c')"),
        ("!mkdir -p a/b \\\n c", "get_ipython().run_line_magic('mkdir', ' -p a/b ')\n"),
        ("%mkdir a", "get_ipython().run_line_magic('mkdir', 'a')"),
        ("!mkdirs a", "pass"),
        ("%cd ..", "__import__('os').chdir(__import__('os').path.expanduser('..'))"),
        ("!ls # it's\nx = 1", "pass\nx = 1"),
        ("x = 1 # what?\n!ls", "x = 1 # what?\npass"),
    ],
)
def test_lines(source, expected):
    assert python(source) == expected


def test_a_cell_that_fails_when_the_job_is_made_is_a_warning(tmp_path):
    loaded = notebook(tmp_path, HEAD, "number = 3", PIPELINE, "undefined_client.jobs.create_or_update(job)")
    assert loaded.codes == ["W205"]
    assert loaded.nodes == ["x"]


def test_folders_that_shell_lines_make_are_there_for_other_cells(tmp_path):
    loaded = notebook(
        tmp_path,
        HEAD,
        "folder = 'one'\n!mkdir -p {folder}/sub two",
        "%%bash\nset -e\n  mkdir -p three\nrm -rf job.ipynb",
        "import os\nassert all(map(os.path.isdir, ('one/sub', 'two', 'three')))\nassert os.path.exists('job.ipynb')",
        "%%writefile three/x.txt\nx",
        "number = 1",
        PIPELINE,
    )
    assert loaded.said == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["job.ipynb", "parts.py"]


def test_what_is_run_joins_the_notebook(tmp_path):
    common = {"cells": [{"cell_type": "code", "source": "%pip install x\nnumber = start + 1", "outputs": [None]}]}
    (tmp_path / "sub dir").mkdir()
    (tmp_path / "sub dir" / "common.ipynb").write_text(json.dumps(common), encoding="utf-8")
    loaded = notebook(
        tmp_path,
        HEAD,
        "%run plain.py 3",
        "%run -i shared\nstart = shared",
        "%run 'sub dir/common.ipynb'",
        PIPELINE,
        plain_py="import sys\nassert __name__ == '__main__' and __file__ == 'plain.py'\nstart = int(sys.argv[1])\n",
        shared_py="shared = start + 10\n",
    )
    assert loaded.said == []
    assert loaded.bound("x")["n"] == "14"


def test_what_goes_wrong_in_a_notebook_that_is_run(tmp_path):
    common = {"cells": [{"cell_type": "code", "source": "a = 1\na.b"}]}
    (tmp_path / "common.ipynb").write_text(json.dumps(common), encoding="utf-8")
    (item,) = notebook(tmp_path, "%run common.ipynb").bag.items
    assert (item.code, item.span.line) == ("E201", 2)
    assert item.span.file.endswith("common.ipynb:cell 1")
    assert notebook(tmp_path, "%run missing.ipynb").codes == ["E201"]
