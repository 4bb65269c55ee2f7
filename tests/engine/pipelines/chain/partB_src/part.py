import argparse
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--partB_input", type=Path)
parser.add_argument("--partB_output", type=Path)
args = parser.parse_args()

for file in sorted(args.partB_input.iterdir()):
    (args.partB_output / file.name).write_text(file.read_text() + "through B\n")
