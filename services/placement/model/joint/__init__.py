"""Place children and carry them there in one plan: placing and routing in turn, priced exactly, never dearer."""
