"""A package's folder that is built with nothing but Python: its build backend is part of it."""

BACKEND = """\
import zipfile

ABOUT = "Metadata-Version: 2.1\\nName: ours\\nVersion: 1.0\\nRequires-Dist: tiny\\n"


def build_wheel(folder, settings=None, metadata=None):
    name = "ours-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.write("ours.py")
        wheel.writestr("ours-1.0.dist-info/METADATA", ABOUT)
        wheel.writestr("ours-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("ours-1.0.dist-info/RECORD", "")
    return name
"""
FILES = {
    "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    '[project]\nname = "ours"\nversion = "1.0"\ndependencies = ["tiny"]\n',
    "backend.py": BACKEND,
    "ours.py": "import tiny\n\nsaid = tiny.__version__\n",
}
"""The package ``ours``, which needs ``tiny`` and repeats its version: path in the folder -> text."""
