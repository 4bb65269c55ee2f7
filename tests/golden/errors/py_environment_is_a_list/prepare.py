from mldesigner import Input, Output, command_component


@command_component(environment=["python:3.11"])
def prepare(data: Input(type="uri_folder"), out: Output(type="uri_folder")):
    pass
