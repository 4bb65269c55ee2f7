from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b


@pipeline(non_pipeline_inputs=["count", "extra"])
def plain_parameters(data, count, extra=True, suffix="x"):
    for number in range(count):
        node = a(data=data, n=number, s=suffix)
        node.name = f"step_{number}"
    if extra:
        tail = b(data=node.outputs.out)
    return {"out": tail.outputs.out}


job = plain_parameters(Input(type="uri_folder", path="./data"), 3)
job.inputs.suffix = "changed"
job.outputs.out.mode = "upload"
