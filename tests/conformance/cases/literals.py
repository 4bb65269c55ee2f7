from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a


@pipeline(default_compute="cpu", experiment_name="tries", display_name="Literals", tags={"k": "v"}, force_rerun=True)
def literals(data: Input(type="uri_folder"), n: int = 3, lr: float = 1e-5, s: str = "x y", flag: bool = False):
    """How values are spelled."""
    one = a(data=data, n=n, lr=lr, s=s, flag=flag)
    two = a(data=data, n=7, lr=0.1 + 0.2, s='it\'s $HOME; "quoted"', flag=True)
    three = a(data=data, n="7", lr=10, s="two\nlines", flag=1)
    four = a(data="./raw", n=2.5, lr=10.0, s="")
    five = a(data=Input(type="uri_folder", path="https://example.com/d", mode="download"), lr=1e20, n=True)
    five.inputs.n = 9
    one.inputs.data.mode = "download"
    two.outputs.out.mode = "upload"
    two.compute = "gpu"
    return {"a": one.outputs.out, "b": two.outputs.out, "c": four.outputs["out"]}


job = literals(data=Input(type="uri_folder", path="./data"), lr=0.25)
job.settings.continue_on_step_failure = True
job.jobs["four"].compute = "big"
