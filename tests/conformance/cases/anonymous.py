from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from parts import a, b


@pipeline()
def anonymous(data):
    a(data=data)
    a(data=data)
    for i in range(2):
        t = b(data=data)
        t.name = f"loop_{i}"


job = anonymous(data=Input(type="uri_folder", path="./data"))
