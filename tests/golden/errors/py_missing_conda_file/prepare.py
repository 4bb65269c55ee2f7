from mldesigner import Input, Output, command_component


@command_component(environment={"image": "docker.io/library/python:3.11-slim-bookworm", "conda_file": "conda.yml"})
def prepare(data: Input(type="uri_folder"), out: Output(type="uri_folder")):
    pass
