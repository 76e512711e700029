"""The Department's published tables of EHC plans, read from a folder."""
