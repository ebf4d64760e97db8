"""Naming decisions and the roll of honour."""
