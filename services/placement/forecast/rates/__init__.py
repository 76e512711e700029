"""What is expected of an authority's plans: rates fitted from its own history, shrunk towards England's."""
