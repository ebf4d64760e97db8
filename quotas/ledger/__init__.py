"""The ledger 台账: every act in one row, each sealing the one before."""
