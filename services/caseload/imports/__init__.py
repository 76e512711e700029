"""Readers of the files that councils have."""
