from mlc.cli.images_line import images_line
from mlc.images.builder import BuildResult
from mlc.images.one_build import Built
from mlc.images.report import State


def result(name, state=State.REUSED, **more):
    return BuildResult(image=name, reference=f"mlc/{name}:1", state=state, **more)


def test_what_was_built_says_how_long_how_big_and_what_was_there_already():
    built = result("train", State.SUCCEEDED, seconds=42.3, made=Built(size=1_900_000_000, reused=2, fresh=1))
    assert images_line((built, result("prep"), result("score"))) == (
        "images: train built in 42 s, 1.9 GB (2 of 3 layers reused); 2 reused (prep, score)"
    )


def test_a_code_edit_reuses_all_layers():
    built = result("train", State.SUCCEEDED, seconds=1.25, made=Built(size=90_000_000, reused=3))
    assert images_line((built,)) == "images: train built in 1.2 s, 90 MB (all layers reused)"


def test_images_of_a_registry():
    built = result("a", State.SUCCEEDED, seconds=9.99, pushed=True)
    assert images_line((built, result("b", pulled=True))) == ("images: a built in 10.0 s; 1 pulled (b); 1 pushed (a)")
