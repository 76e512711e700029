"""The pages that people use: rendered here, over gRPC, and nothing of the domain decided here."""
