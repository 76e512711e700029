"""Prices of many (case, pool) pairs at once, column by column."""
