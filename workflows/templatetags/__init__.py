"""Tags by which pages of lower floors know whose turn it is."""
