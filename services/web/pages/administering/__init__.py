"""The pages of administrators: files in, rate cards, policies, roles, event logs, health. No case is on any of them."""
