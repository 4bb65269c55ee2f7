"""Python scripts -> ``ir``: the script runs as it is, with the language of ``mlc.sdk`` in place of the reference."""
