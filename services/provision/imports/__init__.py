"""Readers of the files that settings and place pools come in."""
