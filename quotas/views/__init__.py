"""Pages of the plan, and of who takes part in it."""
