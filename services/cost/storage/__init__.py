"""Where rate cards are kept."""
