"""The years to come, replicate by replicate, with the real optimiser for the decisions due in each."""
