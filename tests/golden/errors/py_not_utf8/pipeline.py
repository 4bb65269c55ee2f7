# café
from azure.ai.ml.dsl import pipeline
