"""Steps that need a service, and control flow: importable as scripts import them, refused by their own names."""

import pytest
from tests.support.scripts import script, study

from mlc.ir.pipeline import UnsupportedNode

LINES = {
    "automl": (
        "from azure.ai.ml import automl",
        "x = automl.classification(training_data=d, target_column_name='y', outputs={})\nx.set_limits(max_trials=2)",
    ),
    "spark": (
        "from azure.ai.ml import spark",
        "x = spark(name='s', code='.', entry={'file': 'a.py'}, inputs={'d': Input(type='uri_folder')})(d=d)",
    ),
    "data_transfer": (
        "from azure.ai.ml.data_transfer import copy_data",
        "x = copy_data(inputs={'d': d}, outputs={}, data_copy_mode='fail_if_conflict')",
    ),
    "if_else": ("from azure.ai.ml.dsl._condition import condition", "x = condition(condition=d, true_block=a(data=d))"),
    "do_while": ("from azure.ai.ml.dsl._do_while import do_while", "x = do_while(body=a(data=d), mapping={})"),
    "parallel_for": (
        "from azure.ai.ml.dsl._parallel_for import parallel_for",
        "x = parallel_for(body=a(data=d), items=[{}])",
    ),
}


@pytest.mark.parametrize("kind", LINES)
def test_each_kind_gives_a_node_of_its_name(tmp_path, kind):
    head, body = LINES[kind]
    found = script(tmp_path, study(body, head=f"{head}\n"))
    assert found.said == []
    kinds = [node.type for node in found.pipeline.nodes if isinstance(node, UnsupportedNode)]
    assert kinds == [kind]


def test_the_group_decorator_by_its_private_name(tmp_path):
    text = "from azure.ai.ml.dsl._group_decorator import group\nfrom azure.ai.ml.dsl import pipeline\n"
    text += "from parts import two\n"
    text += "@group\nclass G:\n    n: int = 3\n@pipeline()\ndef p(g: G):\n    two(data='./x')\njob = p(G())\n"
    assert script(tmp_path, text).said == []
