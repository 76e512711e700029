"""How much one caller may ask of a process, so that nobody is kept from their work by somebody else's (decision 44)."""
