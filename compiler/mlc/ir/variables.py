"""Variables of the environment that requirements name, as pip and uv read them: ``https://${TOKEN}@host/simple``."""

import re

from mlc.ir.image import Image, MambaInstall, UvInstall
from mlc.ir.plan import Plan

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


def variables_of(image: Image) -> tuple[str, ...]:
    """Those that installing ``image`` needs, sorted."""
    match image.recipe:
        case UvInstall(requirements=lines):
            pass
        case MambaInstall(pip=lines, channels=channels):
            lines = (*lines, *channels)
        case _:
            lines = ()
    return tuple(sorted({name for line in lines for name in _VARIABLE.findall(line)}))


def needed_variables(plan: Plan) -> tuple[str, ...]:
    """Those of all images, sorted."""
    return tuple(sorted({name for image in plan.images for name in variables_of(image)}))
