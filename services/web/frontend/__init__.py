"""What the pages' style and script are made from, at set-up."""
