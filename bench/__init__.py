"""Benchmarks: ours against a floor, in the same run."""
