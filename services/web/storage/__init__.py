"""What the pages keep: who is signed in, and what was filled in and not sent yet."""
