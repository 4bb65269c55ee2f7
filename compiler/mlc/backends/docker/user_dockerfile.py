"""An author's own Dockerfile, changed so that it builds from the bundle's root instead of from its own folder.

Only paths are changed, and only where an instruction reads the build context: sources of ``COPY`` and ``ADD``, and bind
mounts of ``RUN``. So the code of the steps can come behind it in the same build, as layers of their own: one image per
environment, and an edit of the code does not repeat the author's instructions.
"""

import json
import re
from collections.abc import Iterator

CONTEXT = "context"
"""The folder of the author's files below ``environments/<env>/``."""
STAGE = "dependencies"
"""What the last stage is called if its author gave it no name."""

_ESCAPE = re.compile(r"#[ \t]*escape[ \t]*=[ \t]*([\\`])[ \t]*$", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#[ \t]*[A-Za-z]+[ \t]*=")
_HEREDOC = re.compile(r"(?<!<)<<(-?)([\"']?)([A-Za-z_][\w.]*)\2")
_FROM = re.compile(r"\s*FROM\s", re.IGNORECASE)
_AS = re.compile(r"\sAS\s+(\S+)\s*$", re.IGNORECASE)
_INSTRUCTION = re.compile(r"(\s*)(\S+)(.*)", re.DOTALL)
_WORD = re.compile(r"\S+")
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|git@")
_MOUNT = re.compile(r"--mount=(\S+)")


def moved_into(folder: str, text: str) -> str:
    """``text`` with the paths of its build context below ``folder``."""
    return "".join(_moved(folder, line, escape) for line, escape in _instructions(text))


def last_stage(text: str) -> tuple[str, str]:
    """``text`` with a name for its last stage, if it has none, and that name."""
    parts = [part for part, _ in _instructions(text)]
    stages = [number for number, part in enumerate(parts) if _FROM.match(part)]
    if not stages:
        return text, STAGE
    names = {match[1].lower() for number in stages if (match := _AS.search(parts[number]))}
    last = parts[stages[-1]]
    if match := _AS.search(last):
        return text, match[1]
    name = STAGE if STAGE not in names else f"mlc-{STAGE}"
    parts[stages[-1]] = f"{last.rstrip()} AS {name}\n"
    return "".join(parts), name


def continued_as_in(text: str, ours: str) -> str:
    """``ours`` with its long lines continued by the character that ``text`` chose for the whole file."""
    escape = next((escape for _, escape in _instructions(text)), "\\")
    return ours.replace("\\\n", f"{escape}\n")


def dockerignore(folder: str, text: str) -> str:
    """The rules of an ignore file with their paths below ``folder``."""
    rules = (line.strip() for line in text.splitlines())
    return "".join(f"{_rule(folder, rule)}\n" for rule in rules if rule and not rule.startswith("#"))


def _rule(folder: str, rule: str) -> str:
    sign = "!" if rule.startswith("!") else ""
    return f"{sign}{folder}/{rule.removeprefix('!').strip().lstrip('/')}"


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction with its continuation lines and here-documents, as written; and the escape character."""
    lines = text.splitlines(keepends=True)
    escape, position = "\\", 0
    while position < len(lines) and _DIRECTIVE.match(lines[position]):
        found = _ESCAPE.match(lines[position].rstrip())
        escape = found[1] if found else escape
        yield lines[position], escape
        position += 1
    while position < len(lines):
        end = _end(lines, position, escape)
        yield "".join(lines[position:end]), escape
        position = end


def _end(lines: list[str], start: int, escape: str) -> int:
    """Behind the last line of the instruction that begins at ``start``."""
    end = start + 1
    if not lines[start].strip() or lines[start].lstrip().startswith("#"):
        return end
    code = lines[start]
    while code.rstrip().endswith(escape) and end < len(lines):
        if not lines[end].lstrip().startswith("#") and lines[end].strip():
            code += lines[end]
        end += 1
    if re.match(r"\s*(?:RUN|COPY|ADD)\s", code, re.IGNORECASE):
        for match in _HEREDOC.finditer(code):
            end = _behind(lines, end, match[3], tabs=bool(match[1]))
    return end


def _behind(lines: list[str], start: int, delimiter: str, *, tabs: bool) -> int:
    for position in range(start, len(lines)):
        line = lines[position].rstrip("\r\n")
        if (line.lstrip("\t") if tabs else line) == delimiter:
            return position + 1
    return len(lines)


def _moved(folder: str, text: str, escape: str) -> str:
    match = _INSTRUCTION.fullmatch(text)
    if not match:
        return text
    indent, keyword, rest = match.groups()
    match keyword.upper():
        case "COPY" | "ADD":
            return indent + keyword + _copied(folder, rest, escape, keyword.upper() == "ADD")
        case "RUN":
            return indent + keyword + _MOUNT.sub(lambda mount: f"--mount={_bound(folder, mount[1])}", rest)
    return text


def _copied(folder: str, rest: str, escape: str, add: bool) -> str:
    """The words behind ``COPY`` or ``ADD``. What ``ADD`` finds in a variable is taken for a URL: paths rarely are."""
    body, newline, documents = rest.partition("\n") if "<<" in rest else (rest, "", "")
    words = list(_WORD.finditer(_blanked(body, escape)))
    flags = [word for word in words if word[0].startswith("--")]
    if any(flag[0].startswith("--from=") for flag in flags):
        return rest
    start = flags[-1].end() if flags else 0
    if body[start:].lstrip().startswith("["):
        return body[:start] + _json_form(folder, body[start:], escape) + newline + documents
    for word in reversed([word for word in words if word.start() >= start][:-1]):
        if not word[0].startswith(("<<", "$") if add else "<<"):
            body = body[: word.start()] + _below(folder, word[0]) + body[word.end() :]
    return body + newline + documents


def _blanked(body: str, escape: str) -> str:
    """``body`` with comment lines and line continuations turned to blanks: every place stays where it is."""
    kept = []
    for number, line in enumerate(body.splitlines(keepends=True)):
        code = line.rstrip()
        if number and code.lstrip().startswith("#"):
            code = ""
        kept.append(code.removesuffix(escape).ljust(len(line)))
    return "".join(kept)


def _json_form(folder: str, body: str, escape: str) -> str:
    try:
        words = json.loads(_blanked(body, escape))
    except ValueError:
        return body
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return body
    moved = [_below(folder, word) for word in words[:-1]] + words[-1:]
    return f" {json.dumps(moved, ensure_ascii=False)}\n"


def _below(folder: str, path: str) -> str:
    """A source below ``folder``; what comes from elsewhere stays. ``..`` cannot leave a build context."""
    if _REMOTE.match(path):
        return path
    quote = path[:1] if path[:1] in "\"'" else ""
    inner = path.removeprefix(quote)
    while inner.startswith(("/", "./", "../")):
        inner = inner.partition("/")[2]
    return f"{quote}{folder}/{inner if inner not in ('', '..') else '.'}"


def _bound(folder: str, options: str) -> str:
    pairs = [option.partition("=") for option in options.split(",")]
    names = {name: value for name, _, value in pairs}
    if names.get("type", "bind") != "bind" or "from" in names:
        return options
    source = next((name for name in ("source", "src") if name in names), None)
    if source is None:
        return f"{options},source={folder}"
    return ",".join(f"{name}{sign}{_below(folder, value) if name == source else value}" for name, sign, value in pairs)
