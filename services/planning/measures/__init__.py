"""The measures that a council watches, by quarter: those counted and those that it supplies."""
