from azure.ai.ml.dsl import pipeline


def build(train, score):
    @pipeline(name="tables", description="Train on a table, then score it.")
    def tables(table, holidays, epochs: int):
        trained = train(table=table, holidays=holidays, epochs=epochs)
        trained.outputs.model.mode = "upload"
        scored = score(model=trained.outputs.model, table=table)
        return {"model": trained.outputs.model, "scores": scored.outputs.scores}

    return tables
