"""The forecast against what then happened, and against naive forecasters."""
