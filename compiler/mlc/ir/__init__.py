"""Types only: what a pipeline's author said (``pipeline``), what will be built (``plan``), their checks and dumps."""
