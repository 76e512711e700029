"""Who is played and what they do. How their requests travel is said elsewhere, so that a test needs no network."""
