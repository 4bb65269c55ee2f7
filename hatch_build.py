"""Puts templates/ and components/ inside the wheel; an editable install reads both from the checkout."""

from compileall import compile_dir
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Ship(BuildHookInterface):  # type: ignore[type-arg,misc,unused-ignore]
    """Build hook: ships the two resource folders as package data of ``mlc``; compiles what an installer would not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders for standard builds; ``version`` is ``editable`` or ``standard``."""
        if version == "standard":
            build_data["force_include"] |= {"templates": "mlc/templates", "components": "mlc/components"}
        else:  # Else, where PYTHONDONTWRITEBYTECODE is set, every start would compile the checkout anew: a second.
            compile_dir(Path(self.root) / "compiler", quiet=2)
