"""Pages of the choreography: whose turn it is, and doing it."""
