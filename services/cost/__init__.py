"""What a placement costs the public purse, line by line, on both ledgers."""
