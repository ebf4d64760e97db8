"""What a slate is held to: the gate, what may still be admitted and approved, and what each answer is called."""
