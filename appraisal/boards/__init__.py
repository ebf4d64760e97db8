"""How a round stands: the quota board, and the recount of everything."""
