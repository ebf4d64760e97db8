"""The conduct: who is nominated, what was found, which list goes up."""
