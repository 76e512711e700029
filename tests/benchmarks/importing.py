"""Bringing files in: the services' own importers beside reading the same files without any check.

The rivals only read and write: no row is refused, no date understood, no child recognised, nothing compared with what
is on file, no event written.
"""

from __future__ import annotations

import csv
import importlib
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from services.cli.demo import write_demonstration
from tests.benchmarks.figures import Figure, growth_exponent, timed
from tests.benchmarks.findings import Breakdown, Finding
from tests.benchmarks.loaded import COUNTY, HALTON_TODAY, Size
from tests.benchmarks.processes import addresses_of, processor_seconds, running_system
from tests.builders.system import send

FILES = ("gias", "pools", "rates", "sen2", "preferences", "due", "travel-needs")
"""What `inborough demo` brings in that grows with the caseload, in its order."""
TIMES = 3
SETTLE_SECONDS = 2.0
"""After the services serve, until they have done what they do once after starting."""
BRINGING = Size("county", COUNTY.scale, 1500)
GROWTH = 1.3


@dataclass(frozen=True)
class Spent:
    """Seconds of processor and of the clock, by file."""

    processor: dict[str, float]
    clock: dict[str, float]

    @property
    def processor_seconds(self) -> float:
        """Of all files together."""
        return sum(self.processor.values())

    @property
    def clock_seconds(self) -> float:
        """Of all files together."""
        return sum(self.clock.values())


@dataclass(frozen=True)
class Imported:
    """What a size took, turn by turn: the first import, the same files again, and the rivals on the same files."""

    size: Size
    rows: int
    inventing: Sequence[float]
    first: Sequence[Spent]
    again: Sequence[Spent]
    by_csv: Sequence[float]
    by_pandas: Sequence[float]


def measure() -> list[Finding]:
    """Halton as published and a county, each in turn with its rivals."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_imported(Path(folder) / size.name, size) for size in (HALTON_TODAY, BRINGING))
    sizes = [small.rows, large.rows]
    exponents = [
        growth_exponent(sizes, [one.processor_seconds, other.processor_seconds])
        for one, other in zip(small.first, large.first, strict=True)
    ]
    growth = Figure("9", "Growth of an import's processor time with its rows, Halton to county", exponents, "", GROWTH)
    parts = Breakdown(
        "Processor time of a county's import, by file",
        {name: [spent.processor[name] for spent in large.first] for name in FILES},
    )
    return [*_figures(small), *_figures(large), growth, parts]


def _figures(found: Imported) -> list[Finding]:
    name, first = found.size.name, [spent.processor_seconds for spent in found.first]
    rates = [found.rows / seconds for seconds in first]
    unchecked = "it checks nothing, recognises nobody, compares nothing and tells no log"
    return [
        Figure("", f"Inventing {name}, and writing its files: processor time", found.inventing, "s"),
        Figure("", f"Importing {name}, {found.rows:,} rows: the services' processor time", first, "s"),
        Figure("", f"Importing {name}: by the clock", [spent.clock_seconds for spent in found.first], "s"),
        Figure("", f"Rows imported in a second of processor time, {name}", rates, "rows"),
        Figure(
            "",
            f"Importing {name} again, which changes nothing: processor time",
            [spent.processor_seconds for spent in found.again],
            "s",
        ),
        Figure(
            "",
            f"Importing {name} beside pandas `read_csv` and `to_sql` of the same files into SQLite",
            _ratios(first, found.by_pandas),
            "x pandas",
            note=unchecked,
        ),
        Figure(
            "",
            f"Importing {name} beside the csv module and `executemany` of the same files into SQLite",
            _ratios(first, found.by_csv),
            "x csv",
            note=unchecked,
        ),
    ]


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def _imported(folder: Path, size: Size) -> Imported:
    """Each turn invents, imports into a system of its own, imports again, and lets the rivals read the same files."""
    source = folder / "demonstration"
    inventing: list[float] = []
    first: list[Spent] = []
    again: list[Spent] = []
    by_csv: list[float] = []
    by_pandas: list[float] = []
    for turn in range(TIMES):
        inventing.append(_processor(partial(write_demonstration, source, scale=size.scale, due=size.due)))
        with running_system(folder / f"system {turn}") as servers:
            addresses, pids = addresses_of(servers), [server.pid for server in servers.values()]
            time.sleep(SETTLE_SECONDS)
            first.append(_spent(addresses, pids, source))
            again.append(_spent(addresses, pids, source))
        files = _files(source)
        by_csv.append(_processor(partial(_by_csv, files, folder / f"csv {turn}.db")))
        by_pandas.append(_processor(partial(_by_pandas, files, folder / f"pandas {turn}.db")))
    return Imported(size, _count_rows(_files(source)), inventing, first, again, by_csv, by_pandas)


def _spent(addresses: dict[str, str], pids: list[int], source: Path) -> Spent:
    processor, clock = {}, {}
    for name in FILES:
        before = processor_seconds(pids)
        clock[name], _ = timed(partial(send, addresses, source, name))
        processor[name] = processor_seconds(pids) - before
    return Spent(processor, clock)


def _processor(work: Callable[[], Any]) -> float:
    """Seconds of this process's own processor time."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _files(source: Path) -> list[Path]:
    names = [source / f"{name}.csv" for name in FILES if name != "sen2"]
    return [*names, *sorted((source / "sen2").iterdir())]


def _count_rows(files: Sequence[Path]) -> int:
    return sum(len(file.read_bytes().splitlines()) - 1 for file in files)


def _by_csv(files: Sequence[Path], database: Path) -> None:
    """Every file into a table of text, in one transaction."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for at, file in enumerate(files):
            with file.open(encoding="utf-8", newline="") as lines:
                reader = csv.reader(lines)
                columns = ", ".join(f'"{name}"' for name in next(reader))
                connection.execute(f"CREATE TABLE file_{at} ({columns})")
                marks = ", ".join("?" * (columns.count('"') // 2))
                connection.executemany(f"INSERT INTO file_{at} VALUES ({marks})", reader)


def _by_pandas(files: Sequence[Path], database: Path) -> None:
    """Every file into a data frame of text, and that into a table. pandas comes with OR-Tools."""
    pandas = importlib.import_module("pandas")
    with closing(sqlite3.connect(database)) as connection, connection:
        for at, file in enumerate(files):
            pandas.read_csv(file, dtype=str).to_sql(f"file_{at}", connection, index=False)
