"""A nomination from the first draft to the last opinion."""
