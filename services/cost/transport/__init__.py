"""Home-to-school travel: who is owed it, how far it is, what it costs."""
