"""The compiler's table of contents: from a source to a bundle on the disk, in six hops."""
