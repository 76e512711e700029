"""One function for each RPC; the only place where state changes."""
