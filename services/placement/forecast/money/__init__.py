"""Arithmetic of published deficits, High Needs units and the six opportunities."""
