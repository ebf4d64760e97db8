"""Every write of this subject, and what it computes: module = entity, function = verb."""
