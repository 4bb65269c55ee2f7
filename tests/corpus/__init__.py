"""mlc over a checkout of Azure/azureml-examples: ``python -m tests.corpus CHECKOUT``."""
