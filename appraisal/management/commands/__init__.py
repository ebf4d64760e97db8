"""Commands of the conduct."""
