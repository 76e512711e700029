"""What an attacker would try, and what becomes of it."""
