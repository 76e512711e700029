"""`python -m tests.benchmarks.truth [--json]`: how true the optimiser's answers and the demonstration are.

Optima and prices are compared with HiGHS, which solves each instance tier by tier, and each price again with the change
made; the demonstration with what the Department publishes about Halton. Ends with status 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from services.cli.demo import write_demonstration
from services.cli.demo.columns import NEEDS
from services.placement.model.solve import solve
from tests.benchmarks.figures import Figure
from tests.builders.instances import EXTREME, SMALL, instances
from tests.unit.cli.demo.test_published_numbers import AGE, CASELOAD, KIND_TOTALS, TOLERANCE, read
from tests.unit.cli.demo.written import Written, count_by
from tests.unit.placement.optimum.highs import optimum_by_rows
from tests.unit.placement.optimum.prices import SolvedAgain, prices_of
from tests.unit.placement.optimum.searched import best_plan, searched_optimum

INSTANCES = 1_000
PRICED_INSTANCES = 120
PRICES_EACH = 4
EXTREME_INSTANCES = 100


@dataclass(frozen=True)
class Agreement:
    """How many answers equal the independent ones.

    Parameters
    ----------
    what
        In words.
    equal, of
        How many, of how many.
    wanted
        The least number to be compared.
    """

    what: str
    equal: int
    of: int
    wanted: int

    @property
    def met(self) -> bool:
        """Whether all are equal, and enough of them."""
        return self.equal == self.of >= self.wanted

    def told(self) -> str:
        """One line."""
        return f"{self.equal:,} of {self.of:,} {self.what}"


@dataclass(frozen=True)
class Closeness:
    """How far the demonstration is from one published table where it is farthest.

    Parameters
    ----------
    what
        The table, in words.
    numbers
        How many published numbers are compared.
    worst_relative
        The largest difference, by the published number.
    worst_at
        Which number that is.
    worst_children
        The largest difference in children; a published share is turned into children first.
    """

    what: str
    numbers: int
    worst_relative: float
    worst_at: str
    worst_children: float

    @property
    def met(self) -> bool:
        """Whether each number is as near as asked, or as near as whole children allow."""
        return self.worst_relative <= TOLERANCE or self.worst_children <= 1

    def told(self) -> str:
        """One line."""
        worst = f"worst {self.worst_relative:.2%}, {self.worst_at}" if self.worst_relative else "all equal"
        return (
            f"demonstration by {self.what}, {self.numbers} numbers: {worst}; {self.worst_children:.2f} children at most"
        )


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.truth", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print figures for machines")
    as_json = parser.parse_args().json
    figures: list[Agreement | Closeness] = [*agreements(), *closeness()]
    if as_json:
        told = json.dumps([asdict(figure) | {"met": figure.met} for figure in figures], indent=1)
    else:
        told = "\n".join(f"{'met   ' if figure.met else 'NOT MET'} {figure.told()}" for figure in figures)
    sys.stdout.write(told + "\n")
    sys.exit(0 if all(figure.met for figure in figures) else 1)


def measure() -> list[Figure]:
    """The shares that agree, and how far the demonstration is from what is published at worst."""
    found: list[Figure] = []
    for one in agreements():
        found.append(Figure("", one.what, [100 * one.equal / one.of], "%", note=f"of {one.of:,}", at_least=100))
    for table in closeness():
        what = f"Demonstration by {table.what}: worst of {table.numbers} numbers"
        note = f"{table.worst_at or 'all equal'}; {table.worst_children:.2f} children at most"
        found.append(Figure("", what, [100 * table.worst_relative], "% off", note=note))
    return found


def agreements() -> list[Agreement]:
    """The optimiser's answers against independent ones."""
    optima = [
        tuple(solve(instance.problem()).totals.tolist()) == optimum_by_rows(instance)
        for _, instance in instances(INSTANCES, 2_024)
    ]
    plans = [
        (best := best_plan(instance)) is not None
        and tuple(solve(instance.problem()).assigned_pool.tolist()) == best.pools
        for _, instance in instances(EXTREME_INSTANCES, 2_025, SMALL, EXTREME)
    ]
    sampled, searched = _sampled_prices(), _searched_prices()
    return [
        Agreement("random optima equal HiGHS, tier by tier", sum(optima), len(optima), 500),
        Agreement("plans with numbers up to 10**11 equal a search of all plans", sum(plans), len(plans), 100),
        Agreement("sampled knock-ons and prices equal a forced solve by HiGHS", sum(sampled), len(sampled), 200),
        Agreement("knock-ons and prices of small plans equal a forced search", sum(searched), len(searched), 200),
    ]


def _sampled_prices() -> list[bool]:
    equal = []
    for name, instance in instances(PRICED_INSTANCES, 2_026):
        again, prices = SolvedAgain(instance, optimum_by_rows), list(prices_of(instance))
        sample = Random(name).sample(prices, min(PRICES_EACH, len(prices)))
        equal += [asked.said == again.price(asked) for asked in sample]
    return equal


def _searched_prices() -> list[bool]:
    equal = []
    for _, instance in instances(PRICED_INSTANCES // 4, 2_027, SMALL):
        again = SolvedAgain(instance, searched_optimum)
        equal += [asked.said == again.price(asked) for asked in prices_of(instance)]
    return equal


def closeness() -> list[Closeness]:
    """The demonstration against what is published about the reference authority."""
    with tempfile.TemporaryDirectory() as folder:
        written = Written(Path(write_demonstration(Path(folder)).folder))
        return [_by_age(written), _by_kind(written), _by_need(written)]


def _by_age(written: Written) -> Closeness:
    ages, kinds = count_by(written.open_plans, "age"), count_by(written.open_plans, "age", "kind")
    compared = []
    for row in CASELOAD:
        if row["breakdown_topic"] == AGE:
            age = int(row["breakdown"].split()[1])
            compared.append((row["breakdown"], ages[age,], float(row["ehcplans"])))
            compared += [(f"{row['breakdown']} in {kind}", kinds[age, kind], _kind(row, kind)) for kind in KIND_TOTALS]
    return _farthest("age, and by kind of placement within it", compared)


def _by_kind(written: Written) -> Closeness:
    (row,) = (row for row in CASELOAD if row["breakdown_topic"] == "All EHC plans")
    counts = count_by(written.open_plans, "kind")
    return _farthest("kind of placement", [(kind, counts[kind,], _kind(row, kind)) for kind in KIND_TOTALS])


def _by_need(written: Written) -> Closeness:
    (row,) = (row for row in read("need_shares_all_plans") if row["breakdown_topic"] == "All EHC plans")
    ours, total = Counter(one.needs[0] for one in written.open_plans), len(written.open_plans)
    shares = {need: float(row[f"{need.lower()}_pc"]) for need in NEEDS}
    compared = [(need, ours[need], share * total / 100) for need, share in shares.items()]
    return _farthest("primary need, published to 0.1 % of all", compared)


def _kind(row: dict[str, str], kind: str) -> float:
    return sum(float(row[column]) for column in KIND_TOTALS[kind])


def _farthest(what: str, compared: Iterable[tuple[str, int, float]]) -> Closeness:
    """Return how far ours are from theirs, given the name of each number, ours and theirs."""
    listed = list(compared)
    relative = [(abs(ours - theirs) / (theirs or 1), name) for name, ours, theirs in listed]
    worst, at = max(relative)
    return Closeness(what, len(listed), worst, at, max(abs(ours - theirs) for _, ours, theirs in listed))


if __name__ == "__main__":
    main()
