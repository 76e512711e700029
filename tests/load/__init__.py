"""Many people at once at the pages of the whole production profile, and what that takes."""
