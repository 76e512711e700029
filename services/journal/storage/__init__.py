"""Tables, queries and migrations of the journal."""
