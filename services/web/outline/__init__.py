"""The borough's outline, drawn from where its postcodes are: it shows where a place lies and is no legal boundary."""
