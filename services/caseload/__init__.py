"""The caseload service: cases, their needs, preferences, clocks, current placements and decisions due."""
