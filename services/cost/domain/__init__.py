"""Rate cards and the rules that price a place, with nothing but the standard library."""
