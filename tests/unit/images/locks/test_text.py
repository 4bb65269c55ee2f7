"""The text of a lock file: what is written is read back, what was edited or half merged is refused at its line."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlc.images.locks.text import LockFile, LockTextError, parse, render, shown_size
from mlc.ir.lock import Lock, LockedCondaPackage, LockedPackage

NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}(\+cpu)?", fullmatch=True)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
SIZES = st.sampled_from([0, 1, 999, 1_000, 69_600, 12_300_000, 999_900_000, 1_000_000_000])
VIA = st.lists(NAMES, max_size=3, unique=True).map(lambda names: tuple(sorted(names)))
GENERATIONS = st.integers(0, 3)


@st.composite
def pip_packages(draw):
    common = {"version": draw(VERSIONS), "size": draw(SIZES), "via": draw(VIA), "generation": draw(GENERATIONS)}
    name = draw(NAMES)
    if draw(st.booleans()):
        return LockedPackage(name=name, source=f"git+https://host/{name}.git@{draw(HEX)[:40]}", **common)
    hashes = draw(st.lists(HEX, min_size=1, max_size=3, unique=True))
    return LockedPackage(name=name, hashes=tuple(sorted(f"sha256:{value}" for value in hashes)), **common)


@st.composite
def conda_packages(draw):
    name, version, build = draw(NAMES), draw(VERSIONS), draw(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True))
    url = f"https://conda.anaconda.org/conda-forge/linux-64/{name}-{version}-{build}.conda"
    extra = {"size": draw(SIZES), "via": draw(VIA), "generation": draw(GENERATIONS)}
    return LockedCondaPackage(name=name, version=version, build=build, url=url, sha256=draw(HEX), **extra)


def _sorted(packages):
    return tuple(sorted({item.name: item for item in packages}.values(), key=lambda item: item.name))


@settings(max_examples=60, deadline=None)
@given(st.lists(pip_packages(), max_size=6), st.lists(conda_packages(), max_size=4))
def test_what_is_written_is_read_back(pip, conda):
    lock = Lock(pip=_sorted(pip), conda=_sorted(conda), python="3.11", base_digest=BASE, indexes=("https://x/cpu",))
    asked = (("platform", "linux/amd64"), ("python", "3.11"), ("requirement", "six>=1 ; python_version < '3.9'"))
    file = LockFile(asked=asked, lock=lock, notes=(("base-digest", f"base:1@{BASE}"), ("from-index", "https://x/cpu")))
    text = render(file, "train")
    assert parse(text) == file
    assert render(parse(text), "train") == text


BASE = "sha256:" + "ab" * 32
TEXT = """\
# A lock file of mlc: environment train, resolved by `mlc lock`; keep it under version control.
#
# format: 1
# python: 3.11
# requirement: six

## pip
six==1.17.0 \\
    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
    # 11.1 kB; via other

## pip, update 2
sample @ git+https://host/sample@0123
    # version 4.0
"""


def test_a_file_as_people_see_it():
    file = parse(TEXT)
    assert file.asked == (("python", "3.11"), ("requirement", "six"))
    sample, six = file.lock.pip
    assert (six.name, six.version, six.size, six.via, six.generation) == ("six", "1.17.0", 11_100, ("other",), 0)
    assert six.hashes == ("sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274",)
    assert (sample.version, sample.source, sample.generation) == ("4.0", "git+https://host/sample@0123", 2)
    assert parse(TEXT.replace("\n", "\r\n")) == file


def test_fields_without_a_value_survive_editors_that_cut_blanks_at_ends_of_lines():
    file = parse(TEXT.replace("# python: 3.11", "# python: 3.11\n# pre:"))
    assert ("pre", "") in file.asked
    written = render(file, "train")
    assert not [line for line in written.splitlines() if line != line.rstrip()]
    assert parse(written) == parse(written.replace("# pre:", "# pre: ")) == file


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("# python: 3.11", "<<<<<<< HEAD\n# python: 3.11", 4, "merge"),
        ("six==1.17.0", ">>>>>>> theirs\nsix==1.17.0", 8, "merge"),
        ("six==1.17.0", "six>=1.17.0", 8, "not a package with its version"),
        ("    --hash=sha256:4721", "    --hash=md5:4721", 8, "neither a hash"),
        ("\n    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274", "", 8, "no hash"),
        ("# format: 1", "# format: 2", 0, "format is 2"),
        ("# format: 1\n", "", 0, "not named"),
        ("## pip\n", "## npm\n", 7, "no section"),
        ("# python: 3.11", "python: 3.11", 4, "no field"),
        ("# A lock file of mlc: ", "# ", 1, "does not begin"),
    ],
)
def test_an_edited_file_is_refused_at_its_line(old, new, line, why):
    assert old in TEXT
    with pytest.raises(LockTextError) as refused:
        parse(TEXT.replace(old, new, 1))
    assert why in refused.value.why
    assert refused.value.line == line


@settings(max_examples=200, deadline=None)
@given(st.text(), st.integers(0, len(TEXT)))
def test_any_text_is_read_or_refused(noise, place):
    for text in (noise, TEXT[:place] + noise + TEXT[place:], TEXT[:place]):
        with suppress(LockTextError):
            found = parse(text)
            assert parse(render(found, "train")) == found


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, ""), (7, "7 B"), (1_000, "1.0 kB"), (999_960, "1.0 MB"), (12_345_678, "12.3 MB"), (2_500_000_000, "2.5 GB")],
)
def test_sizes_are_shown_with_one_digit(size, shown):
    assert shown_size(size) == shown


def test_a_digest_that_is_none_reaches_no_dockerfile():
    head = "# A lock file of mlc: x\n# format: 1\n"
    for noted in ("sha256:ab", f"base:1@{BASE} AS other", f"a b@{BASE}", f"base:1@{BASE[:-1]}g"):
        assert parse(f"{head}# base-digest: {noted}\n").lock.base_digest == ""
    assert parse(f"{head}# base-digest: base:1@{BASE}\n").lock.base_digest == BASE
