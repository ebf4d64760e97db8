"""Days off and days made up, as announced."""
