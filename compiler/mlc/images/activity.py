"""What a builder is doing right now, read from its plain log: few words that a person can follow, and some numbers.

The log is BuildKit's (``#9 0.31 text``: the ninth step's own output), with that of uv inside of it.
"""

import re

from mlc.records import dataclass

_LINE = re.compile(r"#(\d+) (?:\d+\.\d+ +)?(.*)")
_BYTES = re.compile(r"sha256:(\w+) (\d+(?:\.\d+)?)([kMG]?)B / (\d+(?:\.\d+)?)([kMG]?)B")
_SCALE = {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}
_STEP = re.compile(r"\[(?!internal)[^\]]*\] ")
_FROM = re.compile(r"(?:\[[^\]]*\] )?FROM (\S+)")
_TITLES = (
    (re.compile(r"\[internal\] load metadata for (\S+)"), "looking up {0}"),
    (re.compile(r"RUN .*\buv venv .*--python '?([\d.]+)"), "preparing Python {0}"),
    (re.compile(r"RUN .*\buv venv "), "preparing Python"),
    (re.compile(r"RUN .*\bmicromamba (?:create|install)\b"), "installing conda packages"),
    (re.compile(r"RUN .*\bpip install\b"), "installing packages"),
    (re.compile(r"COPY .*(?:components|runtime)|WORKDIR /mlc$|RUN set -- .*/mlc/state"), "adding the code"),
    (re.compile(r"((?:RUN|COPY|ADD) .{1,70})"), "{0}"),
    (re.compile(r"exporting to "), "exporting the image"),
    (re.compile(r"(?:importing|exporting) cache"), "reading and writing the cache"),
)
_SAYS = (
    (re.compile(r"Downloading (\S+) \(([\d.]+) ?(\w)i?B\)"), "downloading {0}, {1} {2}B"),
    (re.compile(r"Building (\S+)"), "compiling {0}"),
    (re.compile(r"Prepared (\d+) packages? in"), "all is downloaded"),
)
_RESOLVED = re.compile(r"Resolved (\d+) packages?")


@dataclass(frozen=True, slots=True)
class Doing:
    """``text`` changes a few times in a build (``installing 48 packages``), ``detail`` often (``120 of 300 MB``)."""

    text: str
    detail: str = ""


class Activity:
    """Reads a builder's log line by line."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._pulled: dict[str, dict[str, tuple[float, float]]] = {}
        self._now = Doing("")
        self.reused = 0
        """Layers of what is installed that were there already."""
        self.fresh = 0
        """Those that were made now."""

    def feed(self, line: str) -> Doing | None:
        """What is being done after ``line``, if that is something else than before."""
        match = _LINE.match(line)
        if match is None:
            return None
        step, text = match[1], match[2].strip()
        found = self._begun(step, text) if step not in self._titles else self._said(step, text)
        if found is None or found == self._now:
            return None
        self._now = found
        return found

    def _begun(self, step: str, title: str) -> Doing | None:
        self._titles[step] = title
        for pattern, words in _TITLES:
            if match := pattern.search(title):
                return Doing(words.format(*(" ".join(group.split()) for group in match.groups())))
        return None

    def _said(self, step: str, text: str) -> Doing | None:
        title = self._titles[step]
        if text == "CACHED" or text.startswith("DONE"):
            if _STEP.match(title) and " RUN " in title and "/mlc/state" not in title:
                self.reused += text == "CACHED"
                self.fresh += text != "CACHED"
            return None
        if (image := _FROM.match(title)) is not None:
            return self._pulling(step, image[1], text)
        if match := _RESOLVED.search(text):
            return Doing(f"installing {match[1]} package{'s' * (match[1] != '1')}")
        for pattern, words in _SAYS:
            if match := pattern.search(text):
                return Doing(self._now.text, words.format(*match.groups()))
        return None

    def _pulling(self, step: str, image: str, text: str) -> Doing | None:
        if (match := _BYTES.search(text)) is None:
            return Doing(f"unpacking {image}") if text.startswith("extracting") else None
        layers = self._pulled.setdefault(step, {})
        layers[match[1]] = float(match[2]) * _SCALE[match[3]], float(match[4]) * _SCALE[match[5]]
        done, whole = (sum(sizes) for sizes in zip(*layers.values(), strict=True))
        return Doing(f"pulling {image}", f"{done:.0f} of {whole:.0f} MB")
