"""The choreography: whose turn it is."""
