"""Which needs go together, and what else they ask for: plausible, invented."""

from random import Random

COMPANIONS: dict[str, tuple[str, ...]] = {
    "ASD": ("SLCN", "SEMH", "MLD", "SLD", "PD"),
    "HI": ("SLCN", "MLD", "VI"),
    "MLD": ("SLCN", "SEMH", "ASD", "SPLD"),
    "MSI": ("PD", "PMLD", "SLD"),
    "OTH": ("SEMH", "PD", "MLD"),
    "PD": ("SLCN", "MLD", "VI", "OTH"),
    "PMLD": ("PD", "VI", "HI"),
    "SEMH": ("ASD", "SLCN", "MLD", "SPLD"),
    "SLCN": ("ASD", "MLD", "SEMH", "SPLD"),
    "SLD": ("ASD", "SLCN", "PD"),
    "SPLD": ("SEMH", "SLCN", "MLD"),
    "VI": ("MLD", "PD", "SLCN"),
}
HOW_MANY = (1, 1, 2, 2, 2, 3)


def rank_needs(primary: str, draw: Random) -> list[str]:
    """One to three needs, the primary one first."""
    others = draw.sample(COMPANIONS[primary], k=draw.choice(HOW_MANY) - 1)
    return [primary, *others]


def uses_wheelchair(needs: list[str], draw: Random) -> bool:
    """Half of those with PD first and most with PMLD; some where PD comes second."""
    chance = {"PD": 0.5, "PMLD": 0.6, "MSI": 0.2}.get(needs[0], 0.15 if "PD" in needs else 0.0)
    return draw.random() < chance


def needs_passenger_assistant(needs: list[str], draw: Random) -> bool:
    """Most with severe needs, some with autism or SEMH."""
    chance = {"PMLD": 0.9, "SLD": 0.7, "MSI": 0.6, "ASD": 0.25, "SEMH": 0.15}.get(needs[0], 0.08)
    return draw.random() < chance


def travels_solo(needs: list[str], draw: Random) -> bool:
    """A few who cannot share a vehicle."""
    return draw.random() < {"SEMH": 0.08, "ASD": 0.04}.get(needs[0], 0.01)
