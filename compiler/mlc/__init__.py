"""mlc compiles machine-learning pipelines to self-contained container bundles."""
