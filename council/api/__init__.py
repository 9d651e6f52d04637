"""The JSON door: a carrier's own tracker reads its items and reports, and hands in, in somebody's place."""
