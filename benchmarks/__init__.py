"""Measurements of whole processes, side by side in one run; never a test that can fail on a slow machine."""
