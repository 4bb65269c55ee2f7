"""``command()``: keywords that it does not know."""

from tests.support.scripts import script, study

HEAD = """
from azure.ai.ml import Output, command
from azure.ai.ml.entities import Environment

job_of = command(
    command="echo ${{inputs.n}} > ${{outputs.o}}/n",
    environment=Environment(image="docker.io/library/busybox"),
    instance_cnt=2,
    inputs={"n": Input(type="integer", mim=1, path_on_compute="/n")},
    outputs={"o": Output(modee="upload")},
)
"""


def test_keywords_that_nobody_knows_are_warned_about(tmp_path):
    loaded = script(tmp_path, study("job_of(n=1)", head=HEAD))
    assert loaded.said == [
        "W204 12: command() does not know 'instance_cnt' and ignores it",
        "W204 13: Input() does not know 'mim' and ignores it",
        "W204 14: Output() does not know 'modee' and ignores it",
    ]
