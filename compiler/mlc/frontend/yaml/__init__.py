"""Pipelines, components and their parts in YAML -> ``ir``, every mistake at its line and column."""
