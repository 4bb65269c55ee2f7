"""A program as people keep it in a repository: run as ``python -m pipelines.submit`` with two variables set."""

import argparse
import atexit
import csv
import json
import logging
import os
import subprocess
import tempfile
import time
from pathlib import Path

from azure.ai.ml import Input, MLClient, load_component
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import AmlCompute, Data, Environment
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import AzureCliCredential, ChainedTokenCredential, ManagedIdentityCredential

from common.pipelines import build

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[1]


class Workspace:
    def __init__(self, environment):
        self.settings = json.loads((ROOT / "settings.json").read_text())[environment]
        credential = ChainedTokenCredential(ManagedIdentityCredential(), AzureCliCredential())
        try:
            self.client = MLClient.from_config(credential)
        except Exception:
            log.info("no config.json")
            self.client = MLClient(credential, os.environ["AZURE_SUBSCRIPTION_ID"], os.environ["RESOURCE_GROUP"], "ws")

    def compute(self):
        name = self.settings["compute"]
        try:
            return self.client.compute.get(name).name
        except ResourceNotFoundError:
            return self.client.compute.begin_create_or_update(AmlCompute(name=name, size="STANDARD_DS3_V2")).result().name

    def environment(self):
        made = Environment(name="tables", image="python:3.11-slim", conda_file=ROOT / "components" / "conda.yml")
        return self.client.environments.create_or_update(made)

    def wait(self, name):
        deadline = time.time() + 3600
        while time.time() < deadline:
            job = self.client.jobs.get(name)
            if job.status in ("Completed", "Failed", "Canceled"):
                return job
            time.sleep(30)
        raise TimeoutError(name)


def rows(count):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, newline="") as stream:
        csv.writer(stream).writerows([number, number**2] for number in range(count))
    return stream.name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--environment", required=True, choices=["dev", "prod"])
    parser.add_argument("--epochs", type=int, default=1)
    arguments = parser.parse_args()
    workspace = Workspace(arguments.environment)
    environment = workspace.environment()
    train = load_component(ROOT / "components" / "train.yml")
    score = workspace.client.components.get("score_table", label="latest")
    train.environment = environment
    holidays = Data(name="holidays", path=ROOT / "holidays", type=AssetTypes.URI_FOLDER)
    workspace.client.data.create_or_update(holidays)
    known = workspace.client.data.get("holidays", label="latest")
    path = rows(3)
    try:
        job = build(train, score)(
            table=Input(type=AssetTypes.URI_FILE, path=path),
            holidays=Input(type=AssetTypes.URI_FOLDER, path=known.id),
            epochs=arguments.epochs,
        )
        job.settings.default_compute = workspace.compute()
        try:
            commit = subprocess.run(["git", "rev-parse", "--verify", "no-such-thing"], capture_output=True, text=True)
            job.tags["commit"] = commit.stdout.strip() or "none"
        except FileNotFoundError:
            job.tags["commit"] = "none"
        sent = workspace.client.jobs.create_or_update(job, experiment_name=f"tables-{arguments.environment}")
    finally:
        os.remove(path)
    log.info("sent %s", sent.name)
    if workspace.wait(sent.name).status != "Completed":
        raise SystemExit(1)
    for step in workspace.client.jobs.list(parent_job_name=sent.name):
        log.info("%s: %s", step.display_name, step.status)
    workspace.client.jobs.download(sent.name, output_name="model", download_path="downloaded")


if __name__ == "__main__":
    atexit.register(print, "bye")
    main()
