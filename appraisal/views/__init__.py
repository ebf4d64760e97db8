"""Pages of the conduct: who is nominated, by whom, how it stands."""
