"""Siting from files: bids and demand read and checked, made into the model's arrays, and what was found. Offline."""
