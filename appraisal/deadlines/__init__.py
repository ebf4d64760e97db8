"""Until when each step may be taken, and more time for it."""
