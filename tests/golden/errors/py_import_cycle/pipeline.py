from azure.ai.ml import Input, load_component
from azure.ai.ml.dsl import pipeline

from prepare import prepare


