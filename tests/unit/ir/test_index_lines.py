"""Which options of pip go with a locked environment."""

from mlc.ir.image import MambaInstall, UvInstall
from mlc.ir.index_lines import index_lines
from mlc.ir.lock import Lock


def test_options_with_addresses_in_their_order_and_the_indexes_of_the_lock():
    asked = (
        "--extra-index-url  https://b/simple   # theirs",
        "numpy",
        "-i https://${USER}@a/simple",
        "--find-links=https://c/wheels",
        "--no-binary :all:",
        "--extra-index-url https://b/simple",
        "--trusted-host c",
    )
    recipe = UvInstall(base="b", python="3.11", requirements=asked, lock=Lock(indexes=("https://torch/cpu",)))
    assert index_lines(recipe) == (
        "--extra-index-url https://b/simple",
        "-i https://${USER}@a/simple",
        "--find-links=https://c/wheels",
        "--no-binary :all:",
        "--trusted-host c",
        "--extra-index-url https://torch/cpu",
    )


def test_what_chooses_packages_or_names_local_files_is_left_out():
    asked = ("-r more.txt", "-c constraints.txt", "--pre", "-e .", "--find-links wheels", "-e git+https://x/y")
    assert index_lines(MambaInstall(base="b", python=None, channels=(), conda=(), pip=asked)) == ()
