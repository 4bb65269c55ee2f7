"""Copies what it finds and says what it was told."""

import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--input_data", type=str)
parser.add_argument("--input_string", type=str)
parser.add_argument("--output_data", type=str)
args = parser.parse_args()

print(f"told: {args.input_string}")
with open(os.path.join(args.output_data, "copies.txt"), "wt") as copies:
    print(args.input_string, file=copies)
    for name in sorted(os.listdir(args.input_data)):
        with open(os.path.join(args.input_data, name)) as file:
            print(name, file.read().strip(), sep=": ", file=copies)
