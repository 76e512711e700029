"""The words and rules of panels, decisions and consultations, and pseudonyms. Pure: nothing here reads or asks."""
