"""A map without tiles, on the National Grid: settings, homes as square kilometres, runs, the borough's outline."""
