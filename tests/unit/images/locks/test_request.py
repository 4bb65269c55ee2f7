"""What is asked for, and how a change of it is said."""

import pytest

from mlc.images.locks.options import split
from mlc.images.locks.request import Request, asked_fields, changes, package_name


def asked(*requirements, **more):
    fields = {
        "environment": "train",
        "platform": "linux/amd64",
        "base": "b",
        "library": "manylinux_2_28",
        "python": "3.11",
    }
    return asked_fields(Request(**fields | more, requirements=requirements))


def test_order_blanks_case_and_repeats_do_not_count():
    assert asked("Scikit_Learn >= 1", "six") == asked("six", "scikit-learn>=1", "six")


def test_the_order_of_indexes_counts():
    one, two = "--extra-index-url https://a/simple", "--extra-index-url https://b/simple"
    assert asked(one, two) != asked(two, one)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (asked("six"), asked("six"), ()),
        (asked("six"), asked("six", "seaborn"), ("requirement seaborn is new",)),
        (asked("six", "idna"), asked("six"), ("requirement idna is gone",)),
        (asked("six<1.17"), asked("six>=1.17"), ("requirement six was <1.17, is >=1.17",)),
        (asked("six"), asked("six==1"), ("requirement six was any version, is ==1",)),
        (asked("six"), asked("six", python="3.12"), ("python was 3.11, is 3.12",)),
        (asked("six"), asked("six", platform="linux/arm64"), ("platform was linux/amd64, is linux/arm64",)),
        (asked("six"), asked("six", torch="cpu"), ("torch is cpu",)),
        (asked("-f ./a", "six"), asked("six"), ("find-links ./a is gone",)),
        (asked("six"), asked("git+https://h/x@main", "six"), ("requirement git+https://h/x@main is new",)),
        (asked("six<2,>=1.10"), asked("six>=1.10,<2"), ()),
        (asked("six<2", "six>=1"), asked("six<1.9", "six>=1"), ("requirement six was <2 and >=1, is <1.9 and >=1",)),
        (
            asked('six==1; python_version<"3.9"', 'six==2; python_version>="3.9"'),
            asked('six==0; python_version<"3.9"', 'six==2; python_version>="3.9"'),
            (
                'requirement six was ==1 ; python_version<"3.9" and ==2 ; python_version>="3.9", '
                'is ==0 ; python_version<"3.9" and ==2 ; python_version>="3.9"',
            ),
        ),
    ],
)
def test_changes_are_said_field_by_field(before, now, told):
    assert changes(before, now) == told


def test_no_credentials_are_kept():
    fields = asked("--index-url https://me:secret@host/simple", "x @ https://tok@host/x.whl", "git+https://t:s@h/r@1")
    assert "secret" not in str(fields)
    assert "tok" not in str(fields)
    assert "t:s" not in str(fields)
    assert ("index-url", "https://host/simple") in fields


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Six>=1", "six"),
        ("a_b.c[x]==1", "a-b-c"),
        ("x @ https://h/x.whl", "x"),
        ("git+https://h/x", None),
        ("-r a", None),
    ],
)
def test_names_of_packages(line, name):
    assert package_name(line) == name


def test_options_of_pip_are_put_where_uv_reads_them():
    digest = "a" * 64
    lines = (
        "--pre",
        "--trusted-host h",
        "-i https://h/s",
        "--no-cache-dir",
        "--no-binary=My_Pkg",
        f"six==1 --hash=sha256:{digest}",
    )
    found = split(lines)
    assert found.lines == ("six==1",)
    assert found.options == ("-i https://h/s",)
    assert found.arguments == ("--prerelease", "allow", "--allow-insecure-host", "h", "--no-binary", "My_Pkg")
    assert found.from_source == {"my-pkg"}
    assert found.hashes == {"six": {f"sha256:{digest}"}}
