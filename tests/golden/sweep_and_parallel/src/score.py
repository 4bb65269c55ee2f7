def init():
    pass


def run(mini_batch):
    return [str(path) for path in mini_batch]
