"""The `inborough` command."""
