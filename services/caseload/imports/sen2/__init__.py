"""The SEN2 person-level return, as Blade CSV files or as XML."""
