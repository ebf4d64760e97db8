"""Rounds, their timetable, their places and how these are handed down."""
