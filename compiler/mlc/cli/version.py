"""The version of mlc, as text: read at every start, so it is no look-up of package metadata (20 ms)."""

VERSION = "0.1.0"
