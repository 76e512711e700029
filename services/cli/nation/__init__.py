"""The national run: every authority invented, imported and planned by a system of its own, shared among workers.

Councils never share a system, so each authority here gets services and databases of its own, which meet only over the
wire; what is kept of it is one row of figures. Decision 52 says how, `docs/national.md` what a nation would need.
"""
