"""A whole selection round, driven by invented people through the real services and flows.

`plan` makes the round, `people` the officials, `units` the employers and what they would apply with, `conduct` plays
the stages on the round's own clock, `run` puts it together for `manage.py simulate`; `manage.py demo` uses the same
parts. Everything is drawn from the seed: the same seed gives the same round.
"""
