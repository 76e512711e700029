"""A panel's papers as a file: tagged PDF that a screen reader can follow."""
