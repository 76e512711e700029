"""Where settings and place pools are kept."""
