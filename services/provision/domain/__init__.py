"""The words and rules of settings and places; standard library only."""
