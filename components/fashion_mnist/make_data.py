"""Makes the files in data/: the first 600 training and 100 test images of each of the ten classes.

``python make_data.py FOLDER`` reads the four gzip IDX files of the whole of Fashion-MNIST, for example those of
Debian's package ``dataset-fashion-mnist`` in /usr/share/datasets/fashion-mnist.
"""

import gzip
import struct
import sys
from pathlib import Path

PER_CLASS = {"train": 600, "t10k": 100}
PIXELS = 28 * 28


def main(source, target):
    """Write the subset of ``source`` to ``target``."""
    for part, wanted in PER_CLASS.items():
        images = gzip.decompress((source / f"{part}-images-idx3-ubyte.gz").read_bytes())[16:]
        labels = gzip.decompress((source / f"{part}-labels-idx1-ubyte.gz").read_bytes())[8:]
        left = dict.fromkeys(range(10), wanted)
        chosen = []
        for index, label in enumerate(labels):
            if left[label]:
                left[label] -= 1
                chosen.append(index)
        header = struct.pack(">HBBIII", 0, 8, 3, len(chosen), 28, 28)
        body = b"".join(images[index * PIXELS : (index + 1) * PIXELS] for index in chosen)
        write(target / f"{part}-images-idx3-ubyte.gz", header + body)
        header = struct.pack(">HBBI", 0, 8, 1, len(chosen))
        write(target / f"{part}-labels-idx1-ubyte.gz", header + bytes(labels[index] for index in chosen))


def write(path, content):
    """Compress without a time stamp."""
    path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent / "data")
