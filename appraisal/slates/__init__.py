"""Compiling, signing and sending up slates."""
