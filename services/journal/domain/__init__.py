"""Entries, the chain that holds them together, and the proof that it is whole. Pure."""
