"""The arithmetic of a selection: plain values in, frozen dataclasses out, no framework and no rounding by chance.

Integers, `Fraction` and dates only. Every function states what always holds of its result, and a test
enumerates the small cases.
"""
