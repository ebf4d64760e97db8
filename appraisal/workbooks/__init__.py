"""Workbooks as such: columns, reading, writing."""
