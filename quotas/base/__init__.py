"""What every subject stands on: refusals, text, time, vocabularies, what comes from outside."""
