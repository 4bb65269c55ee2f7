"""The parts of ``lower``: what becomes of environments, computes, data, nested pipelines."""
