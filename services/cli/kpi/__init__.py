"""The measures that a council watches, by quarter: counted from what is on file, or supplied by the council."""
