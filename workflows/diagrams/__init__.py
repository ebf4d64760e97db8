"""The flows as pictures."""
