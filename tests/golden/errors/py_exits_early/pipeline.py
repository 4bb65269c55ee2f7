import sys

from azure.ai.ml import load_component

train = load_component("train.yml")
if len(sys.argv) < 2:
    print("usage: pipeline.py DATA")
    sys.exit(0)
