"""Back up the databases of all services while they run, prove a backup whole, and put one back."""
