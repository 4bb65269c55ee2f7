"""Which of pip's options say where the files of a locked environment come from, and in which form they are taken."""

import re

from mlc.ir.image import MambaInstall, UvInstall

_INDEX = re.compile(
    r"(?:(?:-i|--index-url|--extra-index-url|-f|--find-links)(?:\s+|=|(?=\w+:)).*(?:://|\$\{|/environments/local/).*)"
    r"|--no-index|--(?:(?:no|only)-binary|trusted-host)(?:\s+|=).+"
)


def index_lines(recipe: UvInstall | MambaInstall) -> tuple[str, ...]:
    """The author's options with addresses, in their order, and the indexes that the lock adds, as lines of pip.

    What says which packages and versions are wanted is not among them: the lock has decided that.
    """
    asked = recipe.requirements if isinstance(recipe, UvInstall) else recipe.pip
    clean = (" ".join(re.sub(r"(^|\s)#.*", "", line).split()) for line in asked)
    added = (f"--extra-index-url {address}" for address in (recipe.lock.indexes if recipe.lock else ()))
    return tuple(dict.fromkeys([*(line for line in clean if _INDEX.fullmatch(line)), *added]))
