"""Siting from files: bids and demand read and checked, and made into the model's arrays. Offline."""
