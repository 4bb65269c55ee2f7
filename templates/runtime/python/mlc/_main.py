"""``mldesigner execute``: import a file, find a function, give it typed arguments, write what it returns."""

import os
import shutil
import sys

from mlc._load import find, load
from mlc._report import UserError, guarded, warn
from mlc._signature import Port, by_position, parameters, returned
from mlc._values import VALUES, Wrong, check, parse, to_text

USAGE = "mldesigner execute --source FILE --name NAME [--inputs NAME=VALUE ...] [--outputs NAME=PATH ...]"


def main(words):
    """Run the command line; the exit status. Errors are in words; the user's own keep their traceback."""
    os.environ["MLDESIGNER_COMPONENT_EXECUTION"] = "true"
    try:
        source, name, inputs, outputs = _parse(words)
        function = find(load(source), name)
        ports, anything = parameters(function)
        arguments = _inputs(name, ports, inputs, anything)
        arguments.update(_outputs(ports, outputs))
        results = returned(function)
        value = guarded(function, *by_position(function, arguments), **arguments)
        _write(name, results, value, outputs)
    except UserError as error:
        sys.stdout.flush()
        print("mlc: error: {}".format(error), file=sys.stderr)
        return 1
    return 0


def _parse(words):
    """The source, the name, and the pairs behind ``--inputs`` and ``--outputs``."""
    if not words or words[0] != "execute":
        raise UserError("this mldesigner only runs steps: " + USAGE)
    single = {"--source": "", "--name": ""}
    pairs = {"--inputs": {}, "--outputs": {}}
    option = None
    for word in words[1:]:
        if word in single or word in pairs:
            option = word
        elif option in single:
            single[option], option = word, None
        elif option in pairs and "=" in word:
            name, _, value = word.partition("=")
            pairs[option][name] = value
        elif option in pairs:
            raise UserError("{} is followed by {!r}, which is not NAME=VALUE".format(option, word))
        else:
            warn("the argument {!r} is ignored".format(word))
    if not single["--source"] or not single["--name"]:
        raise UserError("a source and a name are needed: " + USAGE)
    return single["--source"], single["--name"], pairs["--inputs"], pairs["--outputs"]


def _inputs(name, ports, given, anything):
    arguments, missing, wrong = {}, [], []
    declared = [port for port in ports if not port.is_output]
    for port in declared:
        text = given.get(port.name)
        if text is None or (text == "" and port.optional):
            if port.default is not Port.REQUIRED:
                arguments[port.name] = port.default
            elif port.optional:
                arguments[port.name] = None
            else:
                missing.append(port.name)
            continue
        try:
            arguments[port.name] = parse(text, port.type)
            check(arguments[port.name], text, port)
        except Wrong as error:
            wrong.append("the input {} {}".format(port.name, error))
    if missing:
        wrong.append("no value is given for {}".format(", ".join(missing)))
    if wrong:
        raise UserError("{}: {}".format(name, "; ".join(wrong)))
    known = set(port.name for port in declared)
    for other in given:
        if other not in known and anything:
            arguments[other] = given[other]
        elif other not in known:
            warn("{} has no parameter {!r}; its value is ignored".format(name, other))
    return arguments


def _outputs(ports, given):
    """Paths of the outputs among the parameters: folders exist, of files the folder does."""
    paths = {}
    for port in ports:
        if port.is_output:
            path = given.get(port.name) or port.name
            os.makedirs(path if port.type == "uri_folder" else os.path.dirname(path) or ".", exist_ok=True)
            paths[port.name] = path
    return paths


def _write(name, results, value, given):
    if not results:
        if value is not None:
            warn("{} returned a value, but declares none; it is ignored".format(name))
        return
    single = len(results) == 1 and results[0].name == "output"
    for port in results:
        result = value if single and not hasattr(type(value), "_mlc_group_") else _field(value, port.name)
        if result is None:
            raise UserError("{} returned no value for its output {!r}".format(name, port.name))
        path = given.get(port.name) or port.name
        try:
            _write_one(port, result, path)
        except (Wrong, OSError, TypeError, ValueError) as error:
            raise UserError("{}: the output {} {}".format(name, port.name, error)) from None


def _field(value, name):
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def _write_one(port, result, path):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    if port.type in VALUES:
        with open(path, "wb") as stream:
            stream.write(to_text(result, port.type).encode("utf-8"))
        return
    source = os.fspath(result)
    if not os.path.exists(source):
        raise Wrong("is the path {!r}, which does not exist".format(source))
    if os.path.realpath(source) == os.path.realpath(path):
        return
    if os.path.isdir(source) and os.path.isdir(path):
        # The output's folder may be a mount, which cannot be replaced.
        for entry in os.listdir(source):
            shutil.move(os.path.join(source, entry), os.path.join(path, entry))
    else:
        shutil.move(source, path)
