"""Reading tables that people made: CSV and Excel files, row by row, with every problem named."""
