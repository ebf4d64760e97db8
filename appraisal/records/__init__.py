"""The rows of the conduct: units, nominations, slates, what was decided on them; who sees them, and the one writer of their state."""
