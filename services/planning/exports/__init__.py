"""Tables that leave the system: Excel and CSV files in which no cell is a live formula."""
