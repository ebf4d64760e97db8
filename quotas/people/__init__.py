"""Accounts, passwords, posts and who is proposed for them."""
