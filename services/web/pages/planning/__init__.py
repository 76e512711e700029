"""The pages of planners: places, scenarios, forecasts and money. Nobody's case is on any of them."""
