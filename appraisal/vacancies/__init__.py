"""Posts without a person, and what waits for them."""
