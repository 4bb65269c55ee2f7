from steps import step


def prepare():
    return step()
