from prepare import prepare


def step():
    return prepare()
