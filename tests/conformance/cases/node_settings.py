"""Whatever can be set on a node and on a job."""

from azure.ai.ml import Input, Output
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import CommandJobLimits
from parts import a

D = Input(type="uri_folder", path="./data")


@pipeline
def p(d, n: int = 3):
    x = a(data=d)
    x.inputs.n = n
    x.inputs.s = "later"
    x.display_name = "X shown"
    x.description = "desc"
    x.comment = "c"
    x.tags = {"a": "b", "n": 1}
    x.jeepney = 3
    x.foo.bar = 4
    x.environment = "azureml:other:1"
    x.environment_variables["K"] = "v"
    x.environment_variables["N"] = 3
    x.resources = {"instance_count": 1, "shm_size": "3g"}
    x.resources.instance_type = "STANDARD"
    x.limits = CommandJobLimits(timeout=120)
    x.outputs.out.mode = "upload"
    x.outputs.out.path = "azureml://datastores/w/paths/x"
    x.outputs.out.name = "named"
    x.outputs.out.version = "3"
    y = a(data=x.outputs.out)
    y.outputs.out = Output(
        type="uri_file", mode="rw_mount", path="azureml://datastores/w/paths/y.txt", name="n2", version="1"
    )
    y.set_resources(instance_count=2)
    y.set_limits(timeout=5)
    y.compute = "c1"
    return {"o": y.outputs.out}


job = p(d=D)
job.outputs.o.path = "azureml://datastores/w/paths/z"
job.outputs.o.mode = "upload"
job.display_name = "Shown"
job.description = "text"
job.tags = {"x": "y"}
job.tags["z"] = "w"
job.settings.default_compute = "cc"
job.settings.default_datastore = "dd"
job.jobs["x"].inputs.n = 9
job.jobs["y"].compute = "c2"
job.inputs.n = 5
