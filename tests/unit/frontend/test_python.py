"""Scripts: run as they are; which pipeline is meant; failures at their line; nothing of them stays behind."""

import logging
import os
import sys
from pathlib import Path

import pytest
from tests.support.scripts import HEAD, script, study

ONE = "x = a(data=d)"


def test_a_script_is_run_as_main_with_its_arguments_in_its_folder(tmp_path):
    head = """
import os, sys
from pathlib import Path
assert __name__ == "__main__"
assert sys.argv[1:] == ["--n", "5"]
assert Path.cwd() == Path(__file__).parent
assert sys.path[0] == str(Path.cwd())
number = int(sys.argv[2])
"""
    loaded = script(tmp_path, study("x = a(data=d, n=number)", head=head), "--n", "5")
    assert loaded.said == []
    assert loaded.bound("x")["n"] == "5"


def test_what_a_script_prints_is_not_the_commands_output(tmp_path, capfd):
    head = "import os\nprint('said by the script')\nos.system('echo said by a child')\n"
    assert script(tmp_path, study(ONE, head=head)).said == []
    output = capfd.readouterr()
    assert output.out == ""
    assert "said by the script" in output.err
    assert "said by a child" in output.err
    assert not list(tmp_path.rglob("__pycache__"))


def _state():
    return (
        dict(os.environ),
        Path.cwd(),
        list(sys.path),
        list(sys.argv),
        list(sys.meta_path),
        sys.excepthook,
        sys.getrecursionlimit(),
        sys.getprofile(),
        logging.getLogger().level,
        list(logging.getLogger().handlers),
        sys.modules["__main__"],
    )


def test_two_sources_with_modules_of_one_name(tmp_path):
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        loaded = script(
            tmp_path / str(number), study("x = a(data=d, n=NUMBER)", head="from values import NUMBER\n"),
            values_py=f"NUMBER = {number}",
        )  # fmt: skip
        assert loaded.bound("x")["n"] == str(number)


def test_a_module_of_the_source_is_taken_before_one_of_ours(tmp_path):
    import yaml

    head = "import yaml\nassert yaml.MINE\n"
    assert script(tmp_path, study(ONE, head=head), yaml_py="MINE = True").said == []
    assert sys.modules["yaml"] is yaml


def test_other_azure_packages_stay_importable(tmp_path):
    head = "from azure.storage.blob import X\nimport azure.ai.other\nassert X == 1\n"
    loaded = script(tmp_path, study(ONE, head=head), azure__storage__blob_py="X = 1", azure__ai__other_py="")
    assert loaded.said == []


def test_the_single_job_that_is_left(tmp_path):
    assert script(tmp_path, study(ONE) + "same = job\n").nodes == ["x"]


def test_the_single_function_that_needs_nothing(tmp_path):
    needs = "@pipeline()\ndef p(d: Input(type='uri_folder')):\n    a(data=d)\n"
    assert script(tmp_path, f"{HEAD}{needs}@pipeline()\ndef q(n=1):\n    y = a(n=n)\n").nodes == ["y"]


def test_pipelines_of_a_loop_are_listed_once(tmp_path):
    client = "from azure.ai.ml import MLClient\nclient = MLClient(None, 's', 'g', 'w')\n"
    loop = "for n in range(12):\n    client.jobs.create_or_update(p(Input(path=str(n))))\n"
    loaded = script(tmp_path, f"{study('x = a(data=d)')}{client}{loop}client.jobs.create_or_update(job)\n")
    (item,) = loaded.bag.sorted()
    assert item.why == "They are 'p' to 'p-12' (12 of them) at line 14, 'p-13' at line 10"


def test_several_pipelines_are_listed_and_one_can_be_chosen(tmp_path):
    functions = "@pipeline()\ndef p():\n    x = a()\n@pipeline()\ndef q():\n    y = a()\n"
    text = f"{HEAD}{functions}first = p()\nsecond = q()\nthird = p()\n"
    loaded = script(tmp_path, text)
    assert loaded.said == ["E205 0: This source makes 3 pipelines"]
    assert "p, q, p-2" in loaded.bag.items[0].fix
    assert script(tmp_path, text, pipeline="q").nodes == ["y"]
    assert script(tmp_path, text, pipeline="r").codes == ["E205"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n", "E204 0: There is no pipeline in this source"),
        (f"{HEAD}@pipeline()\ndef p(d):\n    a(data=d)\n", "E204 5: The pipeline 'p' is never called, and needs d"),
        ("x = (1\n", "E202 1: This is not Python: '(' was never closed"),
        ("def f():\n    return 1 / 0\n\nf()\n", "E201 2: The script failed: ZeroDivisionError: division by zero"),
        ("def f():\n    f()\n\nf()\n", "E201 2: The script calls itself without end (RecursionError)"),
        ("import sys\n\nsys.exit(3)\n", "E201 3: The script ended with status 3"),
        ("import sys\n\nsys.exit('no data')\n", "E201 3: The script ended: no data"),
        ("import broken\n", "E202 2: This is not Python: invalid syntax"),
        ("import broken_inside\n", "E201 3: The script failed: KeyError: 'x'"),
        ("from azure.ai.ml import Inputt\n", "E201 1: The script failed: ImportError: cannot import name 'Inputt'"),
        ("import json\njson.loads('{')\n", "E201 2: The script failed: JSONDecodeError: Expecting property name"),
        ("import time\nwhile True:\n    time.sleep(5)\n", "E201 3: The script has waited 10000 times and waits still"),
        ("class E(Exception):\n    def __str__(self):\n        1 / 0\nraise E\n", "E201 4: The script failed: E"),
    ],
)
def test_what_goes_wrong_is_said_at_its_line(tmp_path, text, said):
    inside = "def f():\n    return\nx = {}['x']\n"
    loaded = script(tmp_path, text, broken_py="x = 1\ny = = 2\n", broken_inside_py=inside)
    assert loaded.pipeline is None
    assert loaded.said[0].startswith(said)


def test_a_failure_after_submission_is_a_warning(tmp_path):
    text = (
        study(ONE)
        + "from azure.ai.ml import MLClient\nMLClient.from_config().create_or_update(job)\nopen('results.csv')\n"
    )
    loaded = script(tmp_path, text)
    assert loaded.codes == ["W205"]
    assert loaded.nodes == ["x"]


def test_ctrl_c_is_not_swallowed(tmp_path):
    before = _state()
    with pytest.raises(KeyboardInterrupt):
        script(tmp_path, "raise KeyboardInterrupt\n")
    assert _state() == before


def test_relative_data_is_relative_to_the_working_folder_of_the_job(tmp_path):
    text = study(ONE, call="Input(path='../raw')").replace(
        "\njob =", "\nimport os\nos.makedirs('sub')\nos.chdir('sub')\njob ="
    )
    assert script(tmp_path, text).pipeline.inputs[0].value.local == str(tmp_path / "raw")


def test_a_thousand_nodes_take_less_than_two_seconds(tmp_path):
    import time

    body = "\n".join(["n0 = a(data=d)", *(f"n{i} = a(data=n{i - 1}.outputs.out, n={i})" for i in range(1, 1000))])
    start = time.process_time()
    loaded = script(tmp_path, study(body))
    assert time.process_time() - start < 2
    assert len(loaded.nodes) == 1000


def test_prompt_flows_are_refused_by_name_and_nothing_else_is_said(tmp_path):
    head = "from azure.ai.ml import load_component as load\nflow, run = load('flow.dag.yaml'), load('run.yml')\n"
    schema = "$schema: https://azuremlschemas.azureedge.net/promptflow/latest/{}.schema.json\n"
    loaded = script(
        tmp_path, study("x = flow(data=d, text='${data.text}')\ny = run(data=d)", head=head),
        **{"flow.dag_yaml": schema.format("Flow") + "inputs: {text: {type: string}}\nnodes: []\n"},
        run_yml=schema.format("Run") + "flow: ./basic\n",
    )  # fmt: skip
    assert loaded.said == []
    assert [getattr(loaded.node(name), "type", None) for name in ("x", "y")] == ["flow", "flow"]
