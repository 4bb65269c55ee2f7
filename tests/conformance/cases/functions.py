from azure.ai.ml import Input
from azure.ai.ml.dsl import pipeline
from function_parts import compare, prep_func, score, train


@pipeline()
def functions(data: Input(type="uri_folder"), epochs: int = 2):
    prepared = prep_func(inp=data, lim=7)
    trained = train(src=prepared.outputs.out1, epochs=epochs)
    rated = score(model=trained.outputs.model, text=trained.outputs.output)
    compare(left=rated.outputs.output, right=0.5)
    return {"model": trained.outputs.model}


job = functions(data=Input(type="uri_folder", path="./data"))
