"""A scenario's definition to start from: every part explained. Lines that begin with "#" and no space are examples."""

from __future__ import annotations

TEMPLATE = """\
# A scenario: what would follow if places, demand, prices or practice were different.
# Run it with `inborough scenario run FILE.toml`. Its baseline is the same without the levers.
# Take the # off an example line to use it. Shares and chances are from 0 to 1.

name = "Astmoor opens late"
# The academic year of the first decisions, by its start: the one of the next 1 September.
first_year = {first_year}
years = 5
# Runs with demand, openings and breakdowns drawn anew. More of them, narrower bands: 200 is usual.
replicates = 200
# The same facts, definition and seed give the same result to the byte.
seed = 1
#policy = "suitable-then-near"

# Areas in results: a home belongs to the nearest centre. Without any: 5 km squares of the National Grid.
#[[areas]]
#name = "Runcorn"
#easting = 352000
#northing = 382000

# --- Levers on places. Pools are named by their ids: `inborough pools`. ---

# A pool that opens: at a setting that has a pool already (urn = 111217), or in an area. `needs` none: any.
# Of the children whose best place today is a higher kind, suitable_share (0.5) may go there. An HN unit costs
# yearly_block_pence (14000000) a year. Every lever may say `why` and `who`.
#[[levers.open]]
#name = "Runcorn SEMH"
#kind = "resource_base"
#needs = ["SEMH"]
#years = [7, 11]
#places = 16
#opens = {second_year}-09-01
#area = "Runcorn"
#chance = 0.8
#why = "bid not yet approved"

# More places in a pool.
#[[levers.extend]]
#pool = "pool_…"
#places = 8
#opens = {second_year}-09-01

# A pool whose coming places come later; one that opens above is "lever:" and its name.
#[[levers.delay]]
#pool = "lever:Runcorn SEMH"
#months = 12

#[[levers.close]]
#pool = "pool_…"
#closes = {third_year}-08-31

# What may go wrong with whatever opens or grows.
#[levers.risks]
#late_chance = 0.3
#late_months = [6, 12]
#low_take_up_chance = 0.1
#not_secured_chance = 0.1

# --- Levers on demand. ---

# New plans of a need and phase, multiplied from a year on; phases: early_years KS1 KS2 KS3 KS4 post_16.
#[[levers.demand]]
#need = "SEMH"
#phase = "KS3"
#factor = 1.2
#from_year = {second_year}

# The chance that a plan ceases, in a phase or in all.
#[[levers.cease]]
#factor = 1.5

# The chance a year that a placement breaks down, all kinds' multiplied; or one kind's own: mainstream, base_or_unit,
# special, inmss, alternative_provision, further_education.
#[levers.breakdowns]
#factor = 1.2
#inmss = 0.04

# Added to the yearly growth of new plans; and another policy than the baseline's.
#[levers]
#growth = 0.02
#policy = "keeps-places-for-later-arrivals"

# --- Levers on money: rise of each price a year, 0.03 where nothing is said. ---

# inmss_fee, top_up, place_funding, transport, hn_unit_block, other.
#[levers.inflation]
#inmss_fee = 0.08
#transport = 0.05

# What transport costs, in two parts: fuel, and contracts (driver, vehicle, assistant). Each rises by so much a year
# from an academic year on, until the next of these begins; what is left out rises as levers.inflation.transport.
# The first year simulated keeps the prices on file. fuel_share of the price is fuel: 0.15 by default, illustrative.
#[[levers.transport_prices]]
#from_year = {second_year}
#fuel = 0.05
#contract = 0.1
#fuel_share = 0.15
#why = "contracts let again"

# --- Levers on practice. ---

# Shares of the children of whom each of the six substitutions holds: no_plan_needed, mainstream_rather_than_mss,
# base_rather_than_mss, mainstream_rather_than_inmss, base_rather_than_inmss, mss_rather_than_inmss.
#[levers.opportunities]
#base_rather_than_inmss = 0.1
#mainstream_rather_than_mss = 0.05

# How HN units fill; one does not open with fewer than min_pupils (4).
#[levers.hn_units]
#take_up = 0.8
#first_year_share = 0.5

# What families ask for who have a decision due and nothing on file.
#[levers.preferences]
#state_special = 0.3

# --- The grant, in pence. Part of the baseline too. ---

# The deficit before the first year. Income of the first year; left out, it is what the children on file cost in full.
# Other spend is on nobody's place: support, children educated elsewhere; left out, nothing.
#[money]
#opening_deficit_pence = 290000000
#income_pence = 2730000000
#income_growth = 0.03
#other_spend_pence = 150000000

# What places that are not there would be worth, year by year. Part of the baseline too.
#[[probes]]
#need = "SEMH"
#phase = "KS3"
#kind = "state_special"
#places = 16
#area = "Runcorn"
"""


def scenario_template(first_year: int) -> str:
    """The template for a first academic year."""
    return TEMPLATE.format(first_year=first_year, second_year=first_year + 1, third_year=first_year + 2)


def examples_in_use(text: str) -> str:
    """The template with every example line in use."""
    return "\n".join(
        line[1:] if line.startswith("#") and not line.startswith("# ") else line for line in text.split("\n")
    )
