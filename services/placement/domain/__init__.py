"""The words and rules of panels and their decisions. Pure: nothing here reads, writes or asks."""
