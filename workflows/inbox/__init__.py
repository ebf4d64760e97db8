"""Whose turn it is: home page, inbox, queue."""
