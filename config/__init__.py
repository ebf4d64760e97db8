"""The wiring: settings, addresses, entry points."""
