"""The demand forecast: plans by authority, January, age band and kind of placement, with their spread."""
