"""The language users write: components, pipelines, ports, environments, the client.

Objects here are mutable and forgiving, as the reference SDK's are: they hold what the author said, as said. The
front end turns them into ``ir`` types (``frontend/python_*.py``); nothing here reads a file or knows YAML.
"""
