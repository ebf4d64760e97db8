"""What a slate is held to: the gate, its remedies, and what may still be admitted and approved."""
