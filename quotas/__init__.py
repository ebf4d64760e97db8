"""The plan: who takes part and how many may go up."""
