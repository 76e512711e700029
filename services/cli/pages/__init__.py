"""What the command shows: for people, text and tables of 80 columns; for machines, JSON. Each page is pure."""
