"""Code snapshots: one folder per component and content, however many nodes and objects share it."""

from dataclasses import replace

from mlc.ir.component import Code, Component
from mlc.ir.plan import PlanComponent
from mlc.passes.lowering.names import slug, unique
from mlc.passes.lowering.recipe import files_digest


class Snapshots:
    """Gives each component the name of its folder; components of one name and equal code share it."""

    def __init__(self) -> None:
        self._digests: dict[int, tuple[Code, str]] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self.found: list[PlanComponent] = []

    def add(self, component: PlanComponent) -> str:
        """The name of a snapshot of mlc's own."""
        name = unique(component.name, self._taken)
        self._taken.add(name)
        self.found.append(replace(component, name=name))
        return name

    def name_of(self, component: Component) -> tuple[str, bool]:
        """The component's name in the plan, and whether it has code (only then there is a folder of that name)."""
        wished = slug(component.name, "component")
        code = component.code
        digest = self._digest(code) if code is not None and code.files else ""
        name = self._names.get((wished, digest))
        if name is None:
            name = unique(wished, self._taken)
            self._taken.add(name)
            self._names[wished, digest] = name
            if code is not None and digest:
                self.found.append(PlanComponent(name=name, files=code.files, digest=digest))
        return name, bool(digest)

    def _digest(self, code: Code) -> str:
        known = self._digests.get(id(code))
        if known is None:
            known = code, files_digest(code.files)
            self._digests[id(code)] = known  # holds the code, so that its id stays taken
        return known[1]
