"""Names that folders, images and volumes can have, made of names that people gave."""

import re
import unicodedata
from collections.abc import Container

LONGEST = 60


def slug(text: str, fallback: str) -> str:
    """``text`` as ``[a-z0-9]+`` joined by single ``.``, ``_`` or ``-``: what names of images allow."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9._-]+", "_", plain)
    single = re.sub(r"[._-]*([._-])[._-]*", r"\1", words)
    return single[:LONGEST].strip("._-") or fallback


def unique(name: str, taken: Container[str], join: str = "-") -> str:
    """``name``, or with the first free number from 2 on."""
    if name not in taken:
        return name
    number = 2
    while f"{name}{join}{number}" in taken:
        number += 1
    return f"{name}{join}{number}"


def words(text: str) -> str:
    """Text for people, with what no file of a bundle can hold (control characters, halves of characters) replaced."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if char != "\n" and unicodedata.category(char) in {"Cc", "Cs"} else char for char in text)
