"""Charts drawn on the server as SVG: a title and a description for who cannot see them, patterns besides colours.

Each has a data table beside it on the page. No style attribute is in them, which the pages' policy forbids.
"""
