"""Files of a web server that behaves, and of one that does not."""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.web import Answer, Web, etag

DATA = bytes(range(256)) * 40
TAG = etag(DATA)
Fetch = Callable[..., Path]
Program = Callable[[str], ModuleType]


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def refusal(fetch: Fetch, program: Program, uri: str, type_: str = "uri_file") -> str:
    with pytest.raises(program("trouble").TroubleError) as told:
        fetch(uri, type_)
    return str(told.value)


def test_a_file_keeps_its_name_and_content(web: Web, fetch: Fetch) -> None:
    out = fetch(web.serve("/a/Titanic.csv", Answer(DATA)))
    assert names(out) == ["Titanic.csv"]
    assert (out / "Titanic.csv").read_bytes() == DATA
    assert web.asked("/a/Titanic.csv")[0]["accept-encoding"] == "identity"


def test_the_name_of_a_file_is_read_as_people_write_it(web: Web, fetch: Fetch) -> None:
    web.serve("/default%20of%20clients.csv", Answer(DATA))
    assert names(fetch(f"{web.url}/default of clients.csv")) == ["default of clients.csv"]


def test_a_url_without_a_name_takes_the_one_that_the_server_offers(web: Web, fetch: Fetch) -> None:
    offered = {"Content-Disposition": 'attachment; filename="../../iris.csv"'}
    assert names(fetch(web.serve("/", Answer(DATA, headers=offered)))) == ["iris.csv"]


def test_content_and_name_are_left_for_the_steps_that_read_them(web: Web, fetch: Fetch, tmp_path: Path) -> None:
    fetch(web.serve("/iris.csv", Answer(DATA)))
    first = (tmp_path / "state" / "content").read_text()
    assert re.fullmatch(r"content [0-9a-f]{64}\nfile iris.csv\n", first)
    fetch(web.serve("/iris.csv", Answer(DATA + b"x")))
    assert (tmp_path / "state" / "content").read_text() != first


def test_a_transfer_that_breaks_off_goes_on_where_it_was(web: Web, fetch: Fetch) -> None:
    url = web.serve("/x.bin", Answer(DATA, etag=TAG, breaks=4000), Answer(DATA, etag=TAG))
    assert (fetch(url) / "x.bin").read_bytes() == DATA
    first, second = web.asked("/x.bin")
    assert "range" not in first
    assert (second["range"], second["if-range"]) == ("bytes=4000-", TAG)


def test_it_goes_on_in_the_next_run_too(web: Web, fetch: Fetch, program: Program) -> None:
    url = web.serve("/x.bin", Answer(DATA, etag=TAG, breaks=4000), Answer(status=404))
    assert "status 404" in refusal(fetch, program, url)
    web.serve("/x.bin", Answer(DATA, etag=TAG))
    assert (fetch(url) / "x.bin").read_bytes() == DATA
    assert web.asked("/x.bin")[-1]["range"] == "bytes=4000-"


def test_every_break_that_brings_something_is_borne(web: Web, fetch: Fetch) -> None:
    breaking = [Answer(DATA, etag=TAG, breaks=700)] * 12
    assert (fetch(web.serve("/x.bin", *breaking, Answer(DATA, etag=TAG))) / "x.bin").read_bytes() == DATA


def test_without_a_validator_it_begins_anew(web: Web, fetch: Fetch) -> None:
    url = web.serve("/x.bin", Answer(b"old" + DATA, breaks=4000), Answer(DATA))
    assert (fetch(url) / "x.bin").read_bytes() == DATA
    assert "range" not in web.asked("/x.bin")[1]


def test_a_server_that_knows_no_ranges_sends_all_again(web: Web, fetch: Fetch) -> None:
    url = web.serve("/x.bin", Answer(DATA, etag=TAG, breaks=4000), Answer(DATA, etag=TAG, ranges=False))
    assert (fetch(url) / "x.bin").read_bytes() == DATA


def test_data_that_changes_between_two_parts_is_fetched_anew(web: Web, fetch: Fetch) -> None:
    new = DATA[::-1]
    url = web.serve("/x.bin", Answer(DATA, etag=TAG, breaks=4000), Answer(new, etag=etag(new)))
    assert (fetch(url) / "x.bin").read_bytes() == new


def test_a_part_of_another_version_is_no_part(web: Web, fetch: Fetch) -> None:
    """A server that ignores If-Range and says so in its ETag only."""
    new = DATA[::-1]
    part = {"Content-Range": f"bytes 4000-{len(new) - 1}/{len(new)}"}
    lying = Answer(new[4000:], status=206, etag=etag(new), headers=part, ranges=False)
    url = web.serve("/x.bin", Answer(DATA, etag=TAG, breaks=4000), lying, Answer(new, etag=etag(new)))
    assert (fetch(url) / "x.bin").read_bytes() == new


def test_another_part_than_was_asked_for_is_not_put_behind(web: Web, fetch: Fetch) -> None:
    part = {"Content-Range": f"bytes 5000-{len(DATA) - 1}/{len(DATA)}"}
    wrong = Answer(DATA[5000:], status=206, etag=TAG, headers=part, ranges=False)
    url = web.serve("/x.bin", Answer(DATA, etag=TAG, breaks=4000), wrong, Answer(DATA, etag=TAG))
    assert (fetch(url) / "x.bin").read_bytes() == DATA


@pytest.mark.parametrize(("length", "said"), [(len(DATA) + 9, "but only"), (len(DATA) - 9, "but ")])
def test_a_server_that_lies_about_the_length_is_found_out(
    web: Web, fetch: Fetch, program: Program, length: int, said: str
) -> None:
    told = refusal(fetch, program, web.serve("/x.bin", Answer(DATA, length=length)))
    assert f"is announced with {length} bytes, {said}" in told
    assert "Given up after 6 attempts" in told


def test_a_chunked_body_that_ends_early_is_no_whole_one(web: Web, fetch: Fetch) -> None:
    url = web.serve("/x.bin", Answer(DATA, chunked=True, breaks=100), Answer(DATA, chunked=True))
    assert (fetch(url) / "x.bin").read_bytes() == DATA


def test_redirects_are_followed_and_the_first_name_stays(web: Web, fetch: Fetch) -> None:
    web.serve("/store/8f3a", Answer(DATA))
    url = web.serve("/iris.csv", Answer(status=302, headers={"Location": "/store/8f3a"}))
    assert names(fetch(url)) == ["iris.csv"]


def test_redirects_without_an_end_are_told(web: Web, fetch: Fetch, program: Program) -> None:
    url = web.serve("/a.csv", Answer(status=302, headers={"Location": "/a.csv"}))
    assert "leads from one address to the next" in refusal(fetch, program, url)


def test_a_redirect_to_a_file_of_the_machine_is_refused(web: Web, fetch: Fetch, program: Program) -> None:
    url = web.serve("/a.csv", Answer(status=302, headers={"Location": "file:///etc/passwd"}))
    assert "/a.csv" in refusal(fetch, program, url)


def test_a_server_that_is_busy_is_asked_again(web: Web, fetch: Fetch) -> None:
    busy = Answer(status=503, headers={"Retry-After": "7"})
    assert (fetch(web.serve("/x.bin", busy, busy, Answer(DATA))) / "x.bin").read_bytes() == DATA


def test_the_server_says_how_long_to_wait(web: Web, program: Program, tmp_path: Path) -> None:
    made = program("fetch").Fetch(
        "uri_file",
        web.serve("/x.bin", Answer(status=503, headers={"Retry-After": "7"}), Answer(DATA)),
        tmp_path / "out",
        tmp_path / "state",
    )
    waited: list[float] = []
    made.sleep = waited.append
    made.run()
    assert waited == [7.0]


def test_waits_grow(web: Web, program: Program, tmp_path: Path) -> None:
    made = program("fetch").Fetch("uri_file", web.serve("/x", Answer(status=500)), tmp_path / "out", tmp_path / "state")
    waited: list[float] = []
    made.sleep = waited.append
    with pytest.raises(program("trouble").TroubleError):
        made.run()
    assert [round(seconds) for seconds in waited] == pytest.approx([1, 2, 4, 8, 16], rel=0.26)


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"Content-MD5": base64.b64encode(hashlib.md5(DATA).digest()).decode()}, True),
        ({"Content-MD5": base64.b64encode(hashlib.md5(b"other").digest()).decode()}, False),
        ({"x-ms-blob-content-md5": base64.b64encode(hashlib.md5(b"other").digest()).decode()}, False),
        ({"Repr-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(b'other').digest()).decode()}:"}, False),
        ({"Content-MD5": "nonsense"}, True),
    ],
)
def test_checksums_that_the_server_announces_count(
    web: Web, fetch: Fetch, program: Program, headers: dict[str, str], good: bool
) -> None:
    url = web.serve("/x.bin", Answer(DATA, headers=headers))
    if good:
        assert (fetch(url) / "x.bin").read_bytes() == DATA
    else:
        assert "three times in a row" in refusal(fetch, program, url)


def test_a_wrong_checksum_once_is_borne(web: Web, fetch: Fetch) -> None:
    bad = Answer(DATA[:-1] + b"?", headers={"Content-MD5": base64.b64encode(hashlib.md5(DATA).digest()).decode()})
    assert (fetch(web.serve("/x.bin", bad, Answer(DATA))) / "x.bin").read_bytes() == DATA


def test_a_checksum_in_the_address_is_held_against_the_content(web: Web, fetch: Fetch, program: Program) -> None:
    url = web.serve("/x.bin", Answer(DATA))
    assert fetch(f"{url}#sha256={hashlib.sha256(DATA).hexdigest()}").is_dir()
    assert "SHA256" in refusal(fetch, program, f"{url}#sha256={'0' * 64}")


def test_what_was_compressed_for_the_way_is_unpacked(web: Web, fetch: Fetch) -> None:
    packed = Answer(gzip.compress(DATA), headers={"Content-Encoding": "gzip"})
    assert (fetch(web.serve("/x.csv", packed)) / "x.csv").read_bytes() == DATA


def test_an_archive_stays_one(web: Web, fetch: Fetch) -> None:
    packed = Answer(gzip.compress(DATA), headers={"Content-Encoding": "gzip"})
    assert gzip.decompress((fetch(web.serve("/x.csv.gz", packed)) / "x.csv.gz").read_bytes()) == DATA


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "There is nothing at"), (410, "There is nothing at"), (401, "is not public"), (403, "is not public")],
)
def test_what_another_attempt_does_not_change_is_told_at_once(
    web: Web, fetch: Fetch, program: Program, status: int, said: str
) -> None:
    url = web.serve("/x.bin", Answer(status=status))
    assert said in refusal(fetch, program, url)
    assert len(web.asked("/x.bin")) == 1


def test_a_host_that_is_not_known_is_told_in_words(fetch: Fetch, program: Program) -> None:
    assert "The host nowhere.invalid is not known here" in refusal(fetch, program, "https://nowhere.invalid/x.csv")


def test_a_folder_of_the_web_is_one_file_in_a_folder(
    web: Web, fetch: Fetch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = fetch(web.serve("/iris.csv", Answer(DATA)), "uri_folder")
    assert names(out) == ["iris.csv"]
    assert "file" not in (tmp_path / "state" / "content").read_text()
    assert "lists no folders" in capsys.readouterr().out


def test_what_has_not_changed_is_not_sent_again(web: Web, fetch: Fetch) -> None:
    url = web.serve("/x.bin", Answer(DATA, etag=TAG))
    assert (fetch(url) / "x.bin").stat().st_ino == (fetch(url) / "x.bin").stat().st_ino
    assert web.asked("/x.bin")[1]["if-none-match"] == TAG


def test_what_was_changed_here_is_fetched_anew(web: Web, fetch: Fetch) -> None:
    url = web.serve("/x.bin", Answer(DATA, etag=TAG))
    (fetch(url) / "x.bin").write_bytes(b"mine")
    assert (fetch(url) / "x.bin").read_bytes() == DATA


def test_another_address_leaves_nothing_of_the_first(web: Web, fetch: Fetch) -> None:
    fetch(web.serve("/first.csv", Answer(DATA, etag=TAG)))
    assert names(fetch(web.serve("/second.csv", Answer(DATA, etag=TAG)))) == ["second.csv"]


@pytest.mark.parametrize(
    "uri",
    ["./data", "/data/x.csv", "ftp://host/x", "adl://store/x", "git+https://host/x", "", "https://", "wasbs://x/y"],
)
def test_what_is_no_address_is_refused(fetch: Fetch, program: Program, uri: str) -> None:
    assert refusal(fetch, program, uri)


def test_no_secret_is_repeated(fetch: Fetch, program: Program, web: Web) -> None:
    url = web.serve("/x?sig=s3cret", Answer(status=403))
    assert "s3cret" not in refusal(fetch, program, url)


def test_what_another_step_has_just_fetched_is_copied(
    web: Web, fetch: Fetch, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.serve("/iris.csv", Answer(DATA, etag=TAG))
    root = tmp_path / "root"
    (root / "inputs").mkdir(parents=True)
    (root / "inputs" / "twin").symlink_to(fetch(url))
    (root / "state").mkdir()
    (root / "state" / "fetch_a").symlink_to(tmp_path / "state")
    monkeypatch.setenv("MLC_ROOT", str(root))
    monkeypatch.setenv("MLC_STEP", "fetch_b")
    (root / "mine").mkdir()
    (root / "mine" / "old.csv").write_text("old")
    assert program("fetch").main(["uri_file", url, str(root / "mine"), "fetch_a", url]) == 0
    assert (names(root / "mine"), len(web.asked("/iris.csv"))) == (["iris.csv"], 1)
    own, its = (root / "state" / step / "content" for step in ("fetch_b", "fetch_a"))
    assert own.read_text() == its.read_text()
    other = web.serve("/other.csv", Answer(DATA))
    assert program("fetch").main(["uri_file", other, str(root / "mine"), "fetch_a", url]) == 0
    assert names(root / "mine") == ["other.csv"]


def test_what_is_no_uri_is_refused_with_what_to_do(fetch: Fetch, program: Program) -> None:
    assert "compile it again" in refusal(fetch, program, "./data/iris.csv")
    assert "No URI is given" in refusal(fetch, program, "")
    assert "begins with s3://" in refusal(fetch, program, "s3://bucket/iris.csv")


def test_an_optional_input_without_a_uri_leaves_nothing_there(
    web: Web, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLC_ROOT", str(tmp_path))
    monkeypatch.setenv("MLC_STEP", "fetch_far")
    out, content = tmp_path / "out", tmp_path / "state" / "fetch_far" / "content"
    url = web.serve("/iris.csv", Answer(DATA))
    assert program("fetch").main(["uri_file?", url, str(out)]) == 0
    assert names(out) == ["iris.csv"]
    before = content.read_text()
    assert program("fetch").main(["uri_file?", "", str(out)]) == 0
    assert names(out) == []
    assert re.fullmatch(r"content [0-9a-f]{64}\n", content.read_text())
    assert content.read_text() != before
    assert program("fetch").main(["uri_file", "", str(out)]) == 1
    assert "No URI is given" in capsys.readouterr().err
