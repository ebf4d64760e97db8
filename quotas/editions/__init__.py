"""Awards, and the editions of their rules."""
