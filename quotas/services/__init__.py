"""Every write of the plan. A module is an entity, a function is a verb."""
