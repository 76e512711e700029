"""The words and rules of a case, with nothing but the standard library."""
