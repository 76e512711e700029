"""What only the pages say."""
