"""Reading the ledger, and what keeps the system well."""
