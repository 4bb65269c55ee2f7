"""Tries an image from the inside: imports what was installed, starts what its steps start. Nothing is trained.

Argument: JSON with ``asked``, ``maybe`` and ``needed`` (names of distributions, normal), and ``entries`` (see
``try_entry``). Prints one line ``MLC-VERIFY [...]``: of each problem its kind, what it is about, why, and a file with
its line. Kinds: those of the packages, ``gpu`` (of a package), ``entry``, and ``note`` for what may be right. Works from
Python 3.6 on, with no package.
"""

import ast
import json
import os
import re
import subprocess
import sys

MARK = "MLC-VERIFY "
SECONDS = 60
"""For --help."""
PATIENCE = 600
"""Seconds for the imports of one process."""
GPU = re.compile(
    r"libcuda\.so|libnvidia-|nvml|NVIDIA (GPU )?driver|CUDA driver|no CUDA|CUDA_ERROR_NO_DEVICE|No CUDA GPUs"
    r"|(not find|requires?|needs?|without) an? (\w+ )?GPU|no GPU",
    re.IGNORECASE,
)
"""What only a machine with a GPU, or its driver, can cure. The toolkit's libraries (libcudart) are the image's own."""
LAUNCHER = "/mlc/runtime/python"
PRIVATE = {"tests", "test", "testing", "docs", "doc", "examples", "example", "benchmarks", "scripts", "bin", "setup"}
CHILD = """
import importlib, json, sys, traceback
for name in sys.argv[1:]:
    print("\\nMLC-TRY " + name, flush=True)
    try:
        importlib.import_module(name)
    except BaseException as error:
        text = "%s: %s" % (type(error).__name__, str(error).strip().split("\\n")[0])
        print("\\nMLC-BAD " + json.dumps([name, text]), flush=True)
print("\\nMLC-END", flush=True)
sys.stdout.flush()
import os
os._exit(0)
"""


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def installed():
    """Distribution -> folder of its metadata, of everything on the path."""
    found = {}
    for place in sys.path:
        try:
            names = sorted(os.listdir(place or "."))
        except OSError:
            continue
        for name in names:
            match = re.match(r"(.+?)(-[^-]+)?(-py\d[^-]*)?\.(dist-info|egg-info)$", name)
            if match:
                found.setdefault(normal(match.group(1)), os.path.join(place or ".", name))
    return found


def modules(folder):
    """The public names that a distribution is imported by."""
    files = []
    for name, cut in (("RECORD", ","), ("installed-files.txt", None)):
        for line in _lines(os.path.join(folder, name)):
            files.append(line.rpartition(",")[0].rpartition(",")[0].strip('"') if cut else re.sub(r"^\.\./", "", line))
    found, packages, loose = set(), set(), set()
    for path in files:
        parts = path.split("/")
        if parts[0] in ("..", "") or parts[0].endswith((".dist-info", ".egg-info", ".data")):
            continue
        match = re.match(r"([A-Za-z]\w*)(\.py|(\.[\w-]+)*\.so)$", parts[-1])
        plain = all(re.match(r"[A-Za-z]\w*$", part) for part in parts[:-1])
        if len(parts) == 1 and match:
            found.add(match.group(1))
        elif parts[-1] == "__init__.py" and plain:
            if not is_namespace(os.path.join(os.path.dirname(folder), path)):
                packages.add(tuple(parts[:-1]))
        elif match and plain:
            loose.add(tuple(parts[:-1]) + (match.group(1),))
    for package in sorted(packages, key=len):
        if not any(package[:size] in packages for size in range(1, len(package))):
            found.add(".".join(package))
    if not found:  # modules of a package without __init__.py
        found.update(".".join(module) for module in sorted(loose)[:1])
    if not found:  # installed in place, or by a tool that keeps no list
        found.update(line for line in _lines(os.path.join(folder, "top_level.txt")) if re.match(r"[A-Za-z]\w*$", line))
    return sorted(name for name in found if name.split(".")[0] not in PRIVATE)


def is_namespace(path):
    """Whether an ``__init__.py`` only says that others put modules beside it."""
    text = " ".join(_lines(path))
    return len(text) < 2000 and ("extend_path(" in text or "declare_namespace(" in text)


def _lines(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return [line.strip() for line in stream if line.strip()]
    except OSError:
        return []


def environment(path=(), variables=()):
    """For a child: that of the image, with the step's variables, and what the launcher puts before its path."""
    env = dict(os.environ)
    env.update(variables)
    if path:
        env["PYTHONPATH"] = os.pathsep.join(filter(None, list(path) + [env.get("PYTHONPATH")]))
    return dict(env, PYTHONDONTWRITEBYTECODE="1", MPLBACKEND="Agg")


def imported(names, folder=None, path=(), variables=()):
    """Name -> why it cannot be imported. One process for all; another where one of them ends it."""
    bad = {}
    rest = list(names)
    while rest:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD] + rest,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env=environment(path, variables),
        )
        late = False
        try:
            out = child.communicate(timeout=PATIENCE)[0]
        except subprocess.TimeoutExpired:
            late = True
            child.kill()
            out = child.communicate()[0]
        lines = out.decode("utf-8", "replace").splitlines()
        tried = [line[8:] for line in lines if line.startswith("MLC-TRY ")]
        for line in lines:
            if line.startswith("MLC-BAD "):
                name, why = json.loads(line[8:])
                bad[name] = why
        if "MLC-END" in lines:
            break
        if not tried:
            bad.update((name, "Python itself does not start here: %s" % " ".join(lines)[-200:]) for name in rest)
            break
        bad[tried[-1]] = (
            "it took more than %d s" % PATIENCE if late else "the process ended with status %s" % child.returncode
        )
        rest = rest[rest.index(tried[-1]) + 1 :]
    return bad


def try_packages(names, kind, there):
    of = {}
    for name in names:
        if name in there:
            for module in modules(there[name]):
                of.setdefault(module, name)
        elif kind == "asked":
            yield [kind, name, "it is not installed", "", 0]
    for module, why in sorted(imported(sorted(of)).items()):
        yield ["gpu" if GPU.search(why) else kind, of[module], "import %s: %s" % (module, why), "", 0]


def try_entry(entry):
    """``component``, ``folder``, ``file`` or ``module``, and what ``mlc.images.entries`` says; problems, softened."""
    for kind, why, file, line in _entry_problems(entry):
        if GPU.search(why) or (entry.get("installs") and "import" in why):
            kind = "note"
        yield [kind, entry["component"], why, file, line]


def _entry_problems(entry):
    folder = os.path.join(entry["folder"], entry.get("cwd", ""))
    made = "note" if entry.get("made") else "entry"
    if not os.path.isdir(folder):
        yield [made, "there is no folder %s" % entry["cwd"], entry["cwd"], 0]
        return
    module = entry.get("module", "")
    name = entry.get("file") or _file_of(module, folder)
    path = os.path.join(folder, name)
    variables = entry.get("variables", {})
    if not name:  # of a package
        for _, why in imported([module.split(".")[0]], folder, [LAUNCHER], variables).items():
            yield ["entry", "python -m %s: import %s" % (module, why), "", 0]
        return
    if not os.path.isfile(path):
        yield [made, "there is no file %s" % name, name, 0]
        return
    here = folder if module else os.path.dirname(path)
    problems, has_help = read(path, folder, here, variables)
    for problem in problems:
        yield ["entry"] + problem
    if problems:
        return
    if entry.get("function"):
        stem = os.path.splitext(os.path.basename(path))[0]
        for _, why in imported([stem], folder, [here, folder, LAUNCHER], variables).items():
            yield ["entry", "import %s: %s" % (stem, why), name, 0]
    elif has_help:
        for kind, why in helped(["-m", module] if module else [name], folder, variables):
            yield [kind, why, name, 0]


def _file_of(module, folder):
    """The file that ``python -m module`` runs in the folder; '' if the module is a package's."""
    base = os.path.join(*module.split(".")) if module else ""
    for file in (base + ".py", os.path.join(base, "__main__.py")):
        if os.path.isfile(os.path.join(folder, file)):
            return file
    top = os.path.join(folder, module.split(".")[0])
    return base + ".py" if os.path.isfile(os.path.join(top, "__init__.py")) else ""


def read(path, folder, here, variables):
    """What is wrong with a script and its own modules as far as reading tells; whether it knows --help."""
    outside = {}
    open_, seen, problems, has_help = [path], set(), [], False
    while open_:
        file = open_.pop()
        if file in seen:
            continue
        seen.add(file)
        shown = os.path.relpath(file, folder)
        try:
            with open(file, "rb") as stream:
                tree = ast.parse(stream.read(), file)
        except (SyntaxError, ValueError) as error:
            problems.append(["%s: %s" % (type(error).__name__, error), shown, getattr(error, "lineno", 0) or 0])
            continue
        if file == path:
            text = ast.dump(tree)
            has_help = "ArgumentParser" in text and "parse_args" in text
        for module, line in _imports(tree):
            local = _local(module, (here, folder))
            if local:
                open_.append(local)
            elif local is None:
                outside.setdefault(module.split(".")[0], (shown, line))
    # Only the package: what lies below it may be imported for what it does.
    bad = imported(sorted(outside), folder, [LAUNCHER], variables) if outside else {}
    for module, why in sorted(bad.items()):
        problems.append(["import %s: %s" % (module, why)] + list(outside[module]))
    return problems, has_help


def _imports(tree):
    """Modules that are imported when the file is run, with lines; what a ``try`` may do without is left out."""
    open_ = list(tree.body)
    while open_:
        node = open_.pop(0)
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module, node.lineno
        elif isinstance(node, ast.With):
            open_ += node.body


def _local(module, folders):
    """The file of the component's own that ``module`` is; '' if it is a folder of its own; None: neither."""
    parts = module.split(".")
    for folder in folders:
        for ending in (".py", "/__init__.py"):
            file = os.path.join(folder, *parts) + ending
            if os.path.isfile(file):
                return file
        if os.path.isdir(os.path.join(folder, parts[0])):
            return ""
    return None


def helped(words, folder, variables):
    """Run ``--help``: an import that fails is a problem, everything else only worth a note."""
    child = subprocess.Popen(
        [sys.executable] + words + ["--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env=environment([LAUNCHER], variables),
    )
    try:
        said = child.communicate(timeout=SECONDS)[0].decode("utf-8", "replace").strip()
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        yield ["note", "--help took more than %d s" % SECONDS]
        return
    last = said.splitlines()[-1] if said else ""
    if child.returncode:
        broken = re.match(r"(ImportError|ModuleNotFoundError|SyntaxError|NameError)\b", last)
        yield ["entry" if broken else "note", "--help: %s" % (last[:300] or "status %d" % child.returncode)]


def main():
    asked = json.loads(sys.argv[1])
    there = installed()
    problems = list(try_packages(asked["asked"], "asked", there))
    problems += try_packages(asked["maybe"], "maybe", there)
    problems += try_packages(asked["needed"], "needed", there)
    for entry in asked["entries"]:
        problems += try_entry(entry)
    print("\n" + MARK + json.dumps(problems))


main()
