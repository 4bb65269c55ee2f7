"""``azure.core``, where it is not installed: only its exceptions and credentials are there."""

__all__: list[str] = []
