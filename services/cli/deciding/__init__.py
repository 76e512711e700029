"""From what a panel says on the command line to the decision that is recorded."""
