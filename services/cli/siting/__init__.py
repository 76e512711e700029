"""The worked example of siting, as files."""
