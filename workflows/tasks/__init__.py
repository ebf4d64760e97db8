"""The pages of tasks, and of acts that move tokens."""
