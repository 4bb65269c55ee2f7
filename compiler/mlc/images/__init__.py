"""The image cache: which images of a plan are there, building the missing ones, why one has to be built."""

from mlc.images.report import OneAtATime, Report, Silence, State, Subject

__all__ = ["OneAtATime", "Report", "Silence", "State", "Subject"]
