"""Settings, the places in them by date, and who holds those places."""
