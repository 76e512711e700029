"""Plans that ended in the calendar year before the census, as many as were published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.cli.demo.children import Births, Child
from services.cli.demo.columns import NEEDS
from services.cli.demo.pools import PlacePool
from services.cli.demo.published import PublishedCaseload

YEAR_START = date(2023, 1, 1)
YEARS_HELD = (1, 9)


@dataclass(frozen=True, slots=True)
class ClosedPlan:
    """A plan that ceased; `reason_code` is SEN2's, 1 (maximum age) to 9 (other)."""

    child: Child
    reason_code: int
    start_date: date
    cease_date: date
    urn: str


def invent_closed_plans(
    published: PublishedCaseload, pools: Sequence[PlacePool], births: Births, draw: Random
) -> list[ClosedPlan]:
    """One for each plan published as ceased, with its reason and age."""
    plans = []
    for (reason_code, age), count in sorted(published.ceased.items()):
        admitting = [pool for pool in pools if pool.admits(age - 4, "M")]
        for _ in range(count):
            child = births.invent(age, draw.choice("FM"), draw.choice(NEEDS))
            ceased = YEAR_START + timedelta(days=draw.randrange(365))
            plans.append(
                ClosedPlan(
                    child=child,
                    reason_code=reason_code,
                    start_date=ceased - timedelta(days=365 * draw.randint(*YEARS_HELD) // 2),
                    cease_date=ceased,
                    urn=draw.choice(admitting).setting.urn if admitting else "",
                )
            )
    return plans
