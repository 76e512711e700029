"""What placement keeps: facts, recommendations and plans, each whole and for ever as it was given."""
