"""Digests that are the same everywhere."""

from pathlib import Path

from mlc.hashing import canonical_json, digest, digest_bytes, digest_file


def test_canonical_json_has_one_form() -> None:
    assert canonical_json({"b": (1, 2.5, None), "a": "ü"}) == '{"a":"ü","b":[1,2.5,null]}'


def test_digest_is_sha256_of_that_text() -> None:
    assert digest("") == digest_bytes(b'""') == "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126"


def test_digest_file_reads_in_chunks(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"ab" * 1_500_000)
    assert digest_file(tmp_path / "f") == digest_bytes(b"ab" * 1_500_000)
