"""``environments/<env>/key.json``: everything that the environment's key is made of, for people and for ``diff``."""

import json

from mlc.ir.image import Image
from mlc.ir.key_fields import LISTS, items


def key_file(image: Image) -> str:
    """The text: the key, the image it names, and each input of the key in the plan's order; lists with a line each."""
    inputs = {name: items(value) if name in LISTS else value for name, value in image.key_inputs}
    content = {"key": image.key, "image": image.reference, "inputs": inputs}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
