import argparse
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--partA_input", type=Path)
parser.add_argument("--partA_output", type=Path)
args = parser.parse_args()

for file in sorted(args.partA_input.iterdir()):
    (args.partA_output / file.name).write_text(file.read_text() + "through A\n")
