"""Daily home-to-school runs for settings that are near each other: planned, priced, joined and left. Pure arrays."""
