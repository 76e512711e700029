"""Demand and money in the years to come. Pure: arrays and tables in, arrays and tables out; seeded."""
