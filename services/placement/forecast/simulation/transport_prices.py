"""The lever on what transport costs: fuel and contracts (driver, vehicle, assistant) rise apart, from a year on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.placement.forecast.simulation.reading import RATE, SHARE, ruled, text, whole

FUEL_SHARE = 0.15
"""Share of the price of transport that is fuel; illustrative, to be replaced by the authority's own contracts'."""


@dataclass(frozen=True)
class TransportPrices:
    """How the price of transport rises from an academic year on, until the next of these begins.

    Parameters
    ----------
    from_year
        The first year whose prices are so much above those of the year before. The first year simulated keeps the
        prices on file, so a `from_year` up to then means from the second year on.
    fuel, contract
        Rise a year, compound, of what is paid for fuel, and for driver, vehicle and assistant. None: rises as
        `inflation.transport` says.
    fuel_share
        Of the price of the year before `from_year`, the share that is fuel; the rest is contract.
    """

    from_year: int = ruled(whole(2000, 2100), 2000)
    fuel: float | None = ruled(RATE, None)
    contract: float | None = ruled(RATE, None)
    fuel_share: float = ruled(SHARE, FUEL_SHARE)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")

    def __post_init__(self) -> None:
        if self.fuel is None and self.contract is None:
            raise ValueError("say how much fuel or contract rises a year, such as contract = 0.1 for 10 %.")

    def grown(self, years: int, usual_rise: float) -> float:
        """The price after so many years at these rises, by the price before them."""
        fuel, contract = (usual_rise if rise is None else rise for rise in (self.fuel, self.contract))
        return float(self.fuel_share * (1 + fuel) ** years + (1 - self.fuel_share) * (1 + contract) ** years)


def transport_growth(changes: Sequence[TransportPrices], usual_rise: float, first_year: int, year: int) -> float:
    """The price of transport in a year (from 0) by the first year's.

    Parameters
    ----------
    changes
        In any order, each beginning in another year.
    usual_rise
        Rise a year before the first of them.
    first_year
        Academic year of year 0, by its start.
    """
    ordered = sorted(changes, key=lambda one: one.from_year)
    begins = [min(max(one.from_year - first_year - 1, 0), year) for one in ordered]
    grown = float((1 + usual_rise) ** min([*begins, year]))
    for one, begin, end in zip(ordered, begins, [*begins, year][1:], strict=True):
        grown *= one.grown(end - begin, usual_rise)
    return grown
