"""What both front doors do for planners: files for others, files of bids, measures by quarter, published tables."""
