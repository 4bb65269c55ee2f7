import argparse

from azure.ai.ml import Input, MLClient, command
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import Environment
from azure.identity import DefaultAzureCredential


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--rows", type=int, default=10)
    arguments = parser.parse_args()
    head = command(
        name="head",
        command="head -n ${{inputs.rows}} ${{inputs.table}}",
        environment=Environment(image="python:3.11-slim"),
        inputs={"table": Input(type="uri_file"), "rows": Input(type="integer")},
    )

    @pipeline()
    def look(table, rows):
        head(table=table, rows=rows)

    client = MLClient.from_config(DefaultAzureCredential())
    client.jobs.create_or_update(look(Input(type="uri_file", path=arguments.data), arguments.rows))


if __name__ == "__main__":
    main()
