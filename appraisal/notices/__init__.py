"""Notices, objections, and what the public reads."""
