"""What scripts of real repositories do before they come to their pipeline: arguments, settings, packages, factories."""

import subprocess

import pytest
from tests.support.scripts import HEAD, notebook, script, study

CLIENT = "from azure.ai.ml import MLClient\nfrom azure.identity import DefaultAzureCredential\n"
PIPELINE = "@pipeline()\ndef p(d, n=1):\n    x = a(data=d, n=n)\n"
SUBMIT = "MLClient.from_config(DefaultAzureCredential()).jobs.create_or_update(p(Input(path='.'), {n}))\n"


def submitting(n="1", before=""):
    return f"{HEAD}{CLIENT}{PIPELINE}{before}{SUBMIT.format(n=n)}"


def given(loaded):
    """The value of the pipeline's input n."""
    assert loaded.pipeline is not None, loaded.said
    return next(item.value.text for item in loaded.pipeline.inputs if item.port.name == "n")


ARGPARSE = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--subscription-id", required=True)
parser.add_argument("--n", type=int, required=True)
args = parser.parse_args()
"""
CLICK = """
import click
@click.command()
@click.option("--n", type=int, required=True)
def main(n):
    global args
    args = type("Args", (), {"n": n})
main(standalone_mode=False)
"""
COMMANDS = """
import argparse
parser = argparse.ArgumentParser()
commands = parser.add_subparsers(dest="command", required=True)
submit = commands.add_parser("submit")
submit.add_argument("n", type=int)
args = parser.parse_args()
"""


@pytest.mark.parametrize(
    ("before", "arguments"),
    [
        (ARGPARSE, ("--subscription-id", "s", "--n", "3")),
        (CLICK, ("--n", "3")),
        (COMMANDS, ("submit", "3")),
    ],
)
def test_arguments_reach_the_script(tmp_path, before, arguments):
    loaded = script(tmp_path, submitting("args.n", before), *arguments)
    assert loaded.said == []
    assert given(loaded) == "3"


@pytest.mark.parametrize(
    ("before", "said", "fix"),
    [
        (
            ARGPARSE,
            "the following arguments are required: --subscription-id, --n",
            "mlc build job.py -- --subscription-id ... --n ...",
        ),
        (CLICK.replace("standalone_mode=False", ""), "Missing option '--n'", "mlc build job.py -- --n ..."),
        (COMMANDS, "the following arguments are required: command", "mlc build job.py -- ..."),
    ],
)
def test_arguments_that_are_missing_are_named(tmp_path, before, said, fix):
    loaded = script(tmp_path, submitting("args.n", before))
    assert loaded.codes == ["E201"]
    assert loaded.said[0].endswith(f"The script does not take its arguments: {said}")
    assert loaded.bag.items[0].fix.endswith(fix)


def test_hydra(tmp_path):
    hydra = pytest.importorskip("hydra")
    text = f"""{HEAD}{CLIENT}{PIPELINE}
import hydra
from hydra.utils import get_original_cwd

@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(cfg):
    client = MLClient(DefaultAzureCredential(), cfg.azure.subscription, "g", "w")
    client.jobs.create_or_update(p(Input(path=get_original_cwd() + "/raw"), cfg.n), experiment_name=cfg.name)

if __name__ == "__main__":
    main()
"""
    files = {"conf__config_yaml": "azure: {subscription: s}\nn: 3\nname: first\n"}
    for _ in range(2):
        loaded = script(tmp_path, text, **files)
        assert loaded.said == []
        assert (given(loaded), loaded.pipeline.experiment_name) == ("3", "first")
    assert given(script(tmp_path, text, "n=5", **files)) == "5"
    missing = script(tmp_path, text, "m=5", **files)
    assert missing.codes == ["E201"]
    assert hydra.core.global_hydra.GlobalHydra.instance().is_initialized() is False


def test_hydras_records_are_no_code(tmp_path):
    pytest.importorskip("hydra")
    text = f"""{HEAD}{CLIENT}
import hydra
from azure.ai.ml import command
from azure.ai.ml.entities import Environment

@hydra.main(version_base=None)
def main(cfg):
    c = command(name="c", code=".", command="python job.py", environment=Environment(image="i"))
    MLClient.from_config().jobs.create_or_update(c)

main()
"""
    first, second = (script(tmp_path, text) for _ in range(2))
    assert (tmp_path / "outputs").is_dir()
    code = first.command("c").component.code
    assert code is not None
    assert [name for name, _ in code.files] == ["job.py", "parts.py"]
    assert second.pipeline == first.pipeline


def test_dotenv(tmp_path):
    pytest.importorskip("dotenv")
    before = "import os\nfrom dotenv import find_dotenv, load_dotenv\nload_dotenv(find_dotenv())\n"
    (tmp_path / ".env").write_text("N=3\n", encoding="utf-8")
    assert given(script(tmp_path, submitting("int(os.environ['N'])", before))) == "3"
    import os

    assert "N" not in os.environ


def test_variables_of_the_account_need_not_be_set(tmp_path):
    before = """
import os
names = os.environ["AZURE_SUBSCRIPTION_ID"], os.environ["rg_name"], os.environ["AML_WORKSPACE"]
MLClient(DefaultAzureCredential(), *names)
try:
    os.environ["TENANT_ID"]
except KeyError:
    os.environ["TENANT_ID"] = "known"
assert os.environ["TENANT_ID"] == "known"
assert os.environ.get("CLIENT_ID") is None and os.getenv("CLIENT_SECRET") is None
assert "CLIENT_ID" not in os.environ
"""
    assert script(tmp_path, submitting(before=before)).said == []


@pytest.mark.parametrize("used", ["os.environ['RESOURCE_GROUP']", "f\"/x/{os.environ['RESOURCE_GROUP']}/y\""])
def test_a_variable_that_reaches_the_pipeline_is_needed(tmp_path, used):
    before = f"import os\ngroup = {used}\n"
    loaded = script(tmp_path, submitting("group", before))
    assert [text.split(": ")[1][:45] for text in loaded.said] == ["The environment variable RESOURCE_GROUP is no"]
    assert loaded.codes == ["E227"]


def test_other_variables_are_never_made_up(tmp_path):
    loaded = script(tmp_path, submitting("os.environ['EPOCHS']", "import os\n"))
    assert loaded.codes == ["E201"]
    assert loaded.bag.items[0].fix.startswith("Set the environment variable EPOCHS where mlc runs")


FACTORY = f"""{HEAD}{PIPELINE}
def build(n=3):
    def inside():
        return 1
    job = p(Input(path="."), n)
    return job

def other():
    print("not called")

def submits_nothing(x):
    p(x)
"""


def test_what_the_only_factory_returns(tmp_path):
    loaded = script(tmp_path, FACTORY)
    assert loaded.said == []
    assert given(loaded) == "3"


def test_a_factory_can_be_chosen(tmp_path):
    text = FACTORY + "def second():\n    return p(Input(path='.'), 5)\n"
    assert given(script(tmp_path, text, pipeline="second")) == "5"
    assert given(script(tmp_path, text, pipeline="build")) == "3"
    assert script(tmp_path, text).codes == ["E204"]


def test_a_factory_that_needs_values(tmp_path):
    inner = "    @pipeline()\n    def q():\n        a(data=Input(path=path), n=n)\n    return q()\n"
    loaded = script(tmp_path, f"{HEAD}def build(path, *, n):\n{inner}")
    assert loaded.said == ["E204 5: The function 'build' gives a pipeline back, is never called, and needs path, n"]


def test_what_goes_wrong_in_a_factory_is_said_there(tmp_path):
    loaded = script(tmp_path, f"{HEAD}{PIPELINE}def build():\n    p.nothing()\n    return p(1)\n")
    assert loaded.said == [
        "E201 9: The script failed: AttributeError: 'PipelineFunction' object has no attribute 'nothing'"
    ]


def test_several_submissions_are_told_apart(tmp_path):
    text = f"""{HEAD}{CLIENT}{PIPELINE}
client = MLClient.from_config()
for n in (1, 2):
    client.jobs.create_or_update(p(Input(path="."), n), experiment_name=f"try{{n}}")
"""
    loaded = script(tmp_path, text)
    assert loaded.codes == ["E205"]
    assert loaded.bag.items[0].why == (
        "They are 'p' at line 13 (experiment 'try1'), 'p-2' at line 13 (experiment 'try2')"
    )
    assert given(script(tmp_path, text, pipeline="p-2")) == "2"
    loaded = notebook(tmp_path, HEAD, PIPELINE, "j = p(Input(path='.'))", "k = p(Input(path='.'))")
    assert loaded.bag.items[0].why == "They are 'p' at cell 3, line 1, 'p-2' at cell 4, line 1"


def test_a_package_above_the_script(tmp_path):
    (tmp_path / "jobs").mkdir()
    head = "from project.steps import NUMBER\nfrom other import MORE\nimport sys\n"
    text = study("x = a(data=d, n=NUMBER + MORE)", head=head)
    files = {"project____init___py": "", "project__steps_py": "NUMBER = 2", "src__other_py": "MORE = 1"}
    for name, content in files.items():
        stem, _, suffix = name.rpartition("_")
        path = tmp_path / f"{stem.replace('project__', 'project/', 1).replace('src__', 'src/')}.{suffix}"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    loaded = script(tmp_path / "jobs", text)
    assert loaded.said == []
    assert loaded.bound("x")["n"] == "3"
    (tmp_path / "jobs" / "setup.py").write_text("", encoding="utf-8")
    assert set(script(tmp_path / "jobs", text).codes) == {"E206"}


def test_a_script_that_is_a_module_of_a_package(tmp_path):
    (tmp_path / "pkg" / "sub").mkdir(parents=True)
    for folder in ("pkg", "pkg/sub"):
        (tmp_path / folder / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "pkg" / "top.py").write_text("M = 1", encoding="utf-8")
    head = "from .near import N\nfrom ..top import M\nassert __package__ == 'pkg.sub'\n"
    loaded = script(tmp_path / "pkg" / "sub", study("x = a(data=d, n=N + M)", head=head), near_py="N = 2")
    assert loaded.said == []
    assert loaded.bound("x")["n"] == "3"


def test_version_1_of_the_sdk(tmp_path):
    loaded = script(tmp_path, "from azureml.core import Workspace\nws = Workspace.from_config()\n")
    assert loaded.codes == ["E206"]
    assert "version 1" in loaded.bag.items[0].why


def test_a_job_from_a_missing_module(tmp_path):
    loaded = script(
        tmp_path, f"{CLIENT}from helprs import make\nMLClient.from_config().jobs.create_or_update(make())\n"
    )
    assert loaded.codes == ["E206", "E206"]


def test_git_is_asked_where_there_is_a_repository(tmp_path):
    for command in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty", "-m", "c"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    before = """
import subprocess
sha = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
assert len(sha) == 40
"""
    assert script(tmp_path, submitting(before=before)).said == []


def test_no_home_folder_is_needed(tmp_path, monkeypatch):
    monkeypatch.delenv("HOME")
    assert script(tmp_path, submitting()).said == []


def test_an_asynchronous_script(tmp_path):
    text = f"""{HEAD}{CLIENT}{PIPELINE}
import asyncio
from azure.identity.aio import AzureCliCredential, get_bearer_token_provider

async def main():
    async with AzureCliCredential() as credential:
        assert (await credential.get_token("x")).token == await get_bearer_token_provider(credential, "x")()
        client = MLClient(credential, "s", "g", "w")
        job = await asyncio.to_thread(client.jobs.create_or_update, p(Input(path=".")))
        while client.jobs.get(job.name).status != "Completed":
            await asyncio.sleep(30)

asyncio.run(main())
"""
    loaded = script(tmp_path, text)
    assert (loaded.said, loaded.nodes) == ([], ["x"])


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n        raise\n",
        "except Exception as e:\n        logging.exception('failed'); print(e); sys.exit(1)\n",
        "except Exception:\n        return 1\n",
    ],
)
def test_a_program_in_a_try_is_not_prepared_for_what_is_missing(tmp_path, handler):
    text = f"""{HEAD}{CLIENT}{PIPELINE}
import logging, sys
def run():
    client = MLClient.from_config()
    print(client.environments.get("unknown", label="latest").name, client.data.get("d", version="1").path)
    client.create_or_update(p(Input(path=".")))

def main():
    try:
        run()
    {handler}
main()
"""
    loaded = script(tmp_path, text)
    assert (loaded.said, loaded.nodes) == ([], ["x"])


def test_words_of_classes_that_mean_nothing_here(tmp_path):
    head = """
from azure.ai.ml.automl import ClassificationPrimaryMetrics
from azure.ai.ml.entities import ManagedOnlineEndpoint, ResourceRequirementsSettings
from azure.ai.ml import UserIdentityConfiguration
print(ClassificationPrimaryMetrics.ACCURACY, UserIdentityConfiguration())
"""
    assert script(tmp_path, study("x = a(data=d)", head=head)).said == []


def test_modules_of_the_sdk_by_attribute(tmp_path):
    text = f"""{HEAD}
import azure.ai.ml as aml
import azure.identity
@aml.dsl.pipeline(description="x")
def q(n: int = 3):
    y = a(data=aml.Input(path="."), n=n)
assert aml.constants.AssetTypes.URI_FILE == "uri_file"
client = aml.MLClient(azure.identity.DefaultAzureCredential())
print(aml.operations, azure.ai.ml.exceptions.ValidationException, azure.ai.ml.entities.Environment(image="i"))
client.jobs.create_or_update(q())
"""
    loaded = script(tmp_path, text)
    assert (loaded.said, loaded.nodes) == ([], ["y"])


def test_classes_that_scripts_ask_about(tmp_path):
    head = """
from typing import Optional, Union
from azure.ai.ml.entities import Command, CommandComponent, CommandJob, Component, Environment, Job, PipelineComponent
from azure.ai.ml.entities import PipelineJob
from azure.ai.ml import load_component

def check(job: CommandJob | None, other: Optional[Union[PipelineJob, CommandJob]] = None) -> PipelineComponent | None:
    return None

single = CommandJob(command="echo", environment=Environment(image="i"))
assert isinstance(single, Job) and isinstance(single, CommandJob) and isinstance(single, Command)
assert not isinstance(single, PipelineJob) and not isinstance(3, (CommandJob, Job))
made = CommandComponent(name="c", command="echo", environment=Environment(image="i"))
assert isinstance(made, Component) and isinstance(made, CommandComponent) and not isinstance(made, PipelineComponent)
assert issubclass(PipelineJob, Job) and not issubclass(PipelineJob, CommandJob)
"""
    after = "assert isinstance(job, Job) and isinstance(job, PipelineJob) and isinstance(p, PipelineComponent)\n"
    assert script(tmp_path, study("x = a(data=d)", head=head) + after).said == []


def test_a_job_that_is_only_scheduled(tmp_path):
    text = f"""{HEAD}{CLIENT}{PIPELINE}
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.entities import CronTrigger, JobSchedule

def main():
    trigger = CronTrigger(expression="0 5 * * *", time_zone=TimeZone.UTC)
    schedule = JobSchedule(name="daily", trigger=trigger, create_job=p(Input(path="."), 3))
    MLClient.from_config().schedules.begin_create_or_update(schedule=schedule).result()

main()
"""
    loaded = script(tmp_path, text)
    assert loaded.said == []
    assert given(loaded) == "3"


def test_a_main_that_a_console_script_calls(tmp_path):
    text = f"{HEAD}{CLIENT}{PIPELINE}def main():\n    {SUBMIT.format(n=3)}\ndef other():\n    raise ValueError\n"
    assert given(script(tmp_path, text)) == "3"


def test_components_as_early_releases_had_them(tmp_path):
    head = f"{CLIENT}from azure.ai.ml import load_component\nclient = MLClient.from_config()\n"
    head += "b = client.components.create_or_update(a)\nc = load_component(client=client, name='step_a', version='1')\n"
    assert script(tmp_path, study("x = c(data=d)", head=head)).said == []


def test_parameters_that_are_none_and_go_to_optional_inputs(tmp_path):
    text = f"""{HEAD}
@pipeline()
def q(note: str = None, other=None):
    x = a(data=Input(path="."), s=note)
    if other._data is not None:
        y = a(data=Input(path="."), s=other)
job = q()
"""
    loaded = script(tmp_path, text)
    assert (loaded.said, loaded.nodes) == ([], ["x"])


def test_one_job_that_is_submitted_again(tmp_path):
    again = "again = MLClient.from_config().create_or_update(p(Input(path='.'), 1))\n"
    loaded = script(tmp_path, submitting() + again)
    assert (loaded.said, loaded.nodes) == ([], ["x"])
