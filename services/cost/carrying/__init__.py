"""From who travels where to runs: who is owed travel, on which terms, in which groups, and what is kept of it."""
