"""Forms of the conduct: shape and choices. The rules are asked by the services."""
