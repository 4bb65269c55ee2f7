"""One file, one function each: checks and rewrites of the two levels of IR. The order is the two tuples below."""
