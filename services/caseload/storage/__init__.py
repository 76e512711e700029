"""Where cases are kept: tables, named queries, migrations."""
