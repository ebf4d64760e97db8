"""A list and its bounds, as plain values: what a body is held to, and what follows for its list.

Pure: nothing is read and nothing is worded here. `quotas.rounds.services.plans` reads the plans; whoever shows an answer words it.
"""
