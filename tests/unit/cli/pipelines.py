"""A small pipeline for the commands to work on."""

GOOD = """\
type: pipeline
inputs:
  word: hello
outputs:
  text: {type: uri_file}
jobs:
  say:
    type: command
    command: echo ${{inputs.word}} > ${{outputs.text}}
    environment: {image: docker.io/library/busybox:latest}
    inputs: {word: "${{parent.inputs.word}}"}
    outputs: {text: "${{parent.outputs.text}}"}
"""
