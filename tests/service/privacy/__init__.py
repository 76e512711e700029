"""What is known of children stays where it belongs: every flow of the system against every place it could leak to."""
