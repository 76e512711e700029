"""The embedded system on one machine: its processes, their ports and health, and its demonstration."""
