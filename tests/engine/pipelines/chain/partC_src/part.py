import argparse
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--partC_input", type=Path)
parser.add_argument("--partC_output", type=Path)
args = parser.parse_args()

for file in sorted(args.partC_input.iterdir()):
    (args.partC_output / file.name).write_text(file.read_text() + "through C\n")
