"""Commands of the choreography."""
