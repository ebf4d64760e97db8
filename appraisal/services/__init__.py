"""Every write of the conduct. A module is an entity, a function is a verb."""
