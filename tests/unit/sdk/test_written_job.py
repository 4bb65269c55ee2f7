"""``PipelineJob(jobs={...})``: nodes, inputs and outputs written down one by one."""

import pytest
from tests.support.scripts import HEAD, script

IMPORTS = f"""{HEAD}from azure.ai.ml import Output
from azure.ai.ml.entities import Job, PipelineJob
x = a(data="${{{{parent.inputs.raw}}}}", n=3)
x.outputs.out = "${{{{parent.outputs.made}}}}"
y = a(data=x.outputs.out)
"""
JOB = """
job = PipelineJob(jobs={"first": x, "second": y}, inputs={"raw": Input(path="./data"), "n": 3},
    outputs={"made": Output(mode="upload")}, display_name="Written", compute="cpu")
"""


def test_nodes_have_the_names_of_the_mapping_and_may_be_bound_by_text_or_by_output(tmp_path):
    loaded = script(tmp_path, f"{IMPORTS}{JOB}assert isinstance(job, PipelineJob) and isinstance(job, Job)\n")
    assert (loaded.said, loaded.nodes) == ([], ["first", "second"])
    assert loaded.bound("first") == {"data": "input raw", "n": "3"}
    assert loaded.bound("second") == {"data": "first.out"}
    pipeline = loaded.pipeline
    assert (pipeline.display_name, pipeline.settings.default_compute) == ("Written", "cpu")
    assert [(item.name, item.mode) for item in pipeline.outputs] == [("made", "upload")]
    assert pipeline.nodes[0].outputs[0].promoted_to == ("made",)


def test_it_is_changed_as_other_jobs_are(tmp_path):
    change = "job.jobs['second'].inputs.n = 7\njob.inputs.n = 4\njob.settings.force_rerun = True\n"
    loaded = script(tmp_path, f"{IMPORTS}{JOB}{change}")
    assert loaded.bound("second") == {"data": "first.out", "n": "7"}
    assert loaded.pipeline.inputs[1].value.text == "4"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"second": y', '"second": 3', "E221 11: Job 'second' of a PipelineJob is an int"),
        ('jobs={"first": x, "second": y}, ', "", "E221 11: A PipelineJob without jobs"),
        ('"made":', '"mode":', "E215 12: No job makes the output 'mode' of the pipeline"),
        ('"n": 3', '"n": [3]', "E209 11: Input 'n' gets a list"),
        ("display_name", "displayname", "W204 12: PipelineJob() does not know 'displayname' and ignores it"),
    ],
)
def test_mistakes(tmp_path, old, new, said):
    assert said in script(tmp_path, f"{IMPORTS}{JOB.replace(old, new)}").said
