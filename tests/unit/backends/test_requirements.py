"""Which requirements are installed first."""

from mlc.backends.docker.requirements import heavy, requirements_file


def test_large_packages_come_first_with_all_options():
    lines = ("--extra-index-url https://x", "pandas", "Torch==2.1 ; python_version > '3'", "my_torch")
    assert heavy(lines) == ("--extra-index-url https://x", "Torch==2.1 ; python_version > '3'")


def test_one_part_if_all_are_large_or_none_is():
    assert heavy(("tensorflow", "torch[x]")) == ()
    assert heavy(("pandas", "# torch")) == ()
    assert heavy(()) == ()


def test_one_part_if_a_line_brings_packages_of_its_own():
    assert heavy(("-r more.txt", "torch", "pandas")) == ()
    assert heavy(("--constraint=c.txt", "torch", "pandas")) == ()


def test_lines_stay_as_they_are():
    assert requirements_file(("b", "a==1 # c")) == "b\na==1 # c\n"
