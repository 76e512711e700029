"""What is said, at its source, of personal data: of every field of the protos and every column of the tables."""
