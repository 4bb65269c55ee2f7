"""Notebooks -> ``ir``: their cells run in order, and then they are scripts."""
