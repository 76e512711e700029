"""The runs that carry children to school."""
