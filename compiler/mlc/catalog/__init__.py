"""Components, environments, data and models by name: the source's tree, the local catalog, curated environments."""

from mlc.catalog.names import Catalog, Places, Readers

__all__ = ["Catalog", "Places", "Readers"]
