"""Importing distances, on both databases: postcodes and URNs become points, and quotes follow the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2 as pb
from inborough.cost.v1 import transport_pb2
from services.cost.settings import Settings
from shared.database import open_database, reading
from shared.days import from_wire
from shared.errors import NeighbourDown
from shared.event_log import list_events
from shared.postcodes import locate
from tests.builders.cost import child, pool, request, to_csv
from tests.builders.small_provision import small_provision
from tests.service.cost.conftest import ALL, GOOD, SECONDS, Cost, serving

HOME_CODE, SCHOOL_CODE = "WA8 6BS", "WA8 7QF"
COLUMNS = "from_postcode from_urn to_postcode to_urn walking_metres driving_metres driving_minutes as_of".split()
SCHOOL_URN, LOST_URN = 111_217, 111_218
Cells = dict[str, str]


def point(code: str) -> common_pb2.GridReference:
    found = locate([code])[code.replace(" ", "")]
    return common_pb2.GridReference(easting=found.easting, northing=found.northing)


def row(**cells: object) -> Cells:
    usual = {
        "from_postcode": HOME_CODE,
        "to_postcode": SCHOOL_CODE,
        "walking_metres": "5000",
        "driving_metres": "9000",
        "driving_minutes": "17",
        "as_of": "2026-09-01",
    }
    return {**usual, **{name: str(value) for name, value in cells.items()}}


def send(
    cost: Cost, *rows: Cells, preview: bool = False, mode: common_pb2.ImportMode.ValueType = ALL
) -> common_pb2.ImportReport:
    file = common_pb2.ImportFile(name="matrix.csv", content=to_csv(rows, COLUMNS))
    asked = transport_pb2.ImportTravelMatrixRequest(file=file, mode=mode, preview=preview)
    return cost.transport.ImportTravelMatrix(asked, timeout=SECONDS).report


def counts(report: common_pb2.ImportReport) -> tuple[int, int, int]:
    return report.created, report.updated, report.unchanged


def quoted(cost: Cost, to: common_pb2.GridReference | None = None) -> pb.QuoteOptionsResponse:
    return cost.quote(request([child(home=point(HOME_CODE))], [pool(location=to or point(SCHOOL_CODE))]))


def figures(found: pb.QuoteOptionsResponse) -> tuple[int, int, int]:
    columns = found.walking_metres, found.distance_metres, found.travel_minutes
    walking, driving, minutes = (int(np.frombuffer(column, "<i4")[0]) for column in columns)
    return walking, driving, minutes


def test_a_quote_follows_the_file_where_it_has_the_pair_and_says_so_with_its_day(cost: Cost) -> None:
    cost.import_card()
    before = quoted(cost)
    assert counts(send(cost, row())) == (1, 0, 0)
    found = quoted(cost)
    assert figures(found) == (5_000, 9_000, 17)
    source = found.travel_sources[found.travel_source_index[0]]
    assert (source.method, from_wire(source.as_of_day, "day").isoformat()) == ("imported travel matrix", "2026-09-01")
    assert found.travel_method == f"imported travel matrix, else {before.travel_method}"
    assert found.revision != before.revision


def test_other_pairs_stay_the_straight_lines_and_say_so(cost: Cost) -> None:
    cost.import_card()
    far = common_pb2.GridReference(easting=360_000, northing=380_000)
    before = quoted(cost, far)
    send(cost, row())
    found = quoted(cost, far)
    assert figures(found) == figures(before)
    (source,) = found.travel_sources
    assert source.method == f"{before.travel_method} (not in the imported travel matrix)"
    assert not source.HasField("as_of_day")


def test_a_pair_that_is_named_again_is_overwritten_and_the_same_file_changes_nothing(cost: Cost) -> None:
    cost.import_card()
    back = row(from_postcode=SCHOOL_CODE, to_postcode=HOME_CODE)
    assert counts(send(cost, row(), back)) == (2, 0, 0)
    assert counts(send(cost, row(), back)) == (0, 0, 2)
    revision = quoted(cost).revision
    assert counts(send(cost, row(), back)) == (0, 0, 2)
    assert quoted(cost).revision == revision
    assert counts(send(cost, row(driving_metres=8_000), preview=True)) == (0, 1, 0)
    assert figures(quoted(cost))[1] == 9_000
    assert counts(send(cost, row(driving_metres=8_000, walking_metres=""))) == (0, 1, 0)
    found = quoted(cost)
    assert figures(found)[1] == 8_000
    assert found.travel_sources[0].method.startswith("imported travel matrix; on foot: straight line")


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"from_postcode": "ZZ99 9ZZ"}, "from_postcode", "not a postcode with a place"),
        ({"from_postcode": ""}, "from_postcode", "the cell is empty"),
        ({"to_urn": SCHOOL_URN}, "to_postcode", "both given"),
        ({"driving_metres": "far"}, "driving_metres", "not a whole number"),
        ({"driving_metres": ""}, "driving_metres", "the cell is empty"),
        ({"driving_minutes": "-1"}, "driving_minutes", "not from 0 to 1,440"),
        ({"walking_metres": "1.5"}, "walking_metres", "not a whole number"),
        ({"as_of": "yesterday"}, "as_of", ""),
    ],
)
def test_a_bad_row_is_named_and_refuses_the_file_unless_good_rows_are_asked_for(
    shared_cost: Cost, cells: dict[str, object], column: str, reason: str
) -> None:
    rows = row(**cells), row(from_postcode=SCHOOL_CODE, to_postcode=HOME_CODE)
    refused = send(shared_cost, *rows, preview=True)
    assert not refused.accepted
    (problem,) = refused.problems
    assert (problem.row, problem.column) == (2, column)
    assert reason in problem.reason
    assert not any(code in problem.value for code in ("ZZ99", "WA8"))
    assert counts(send(shared_cost, *rows, preview=True, mode=GOOD)) == (1, 0, 0)


def test_two_rows_of_one_way_are_both_refused(shared_cost: Cost) -> None:
    refused = send(shared_cost, row(), row(driving_metres=1), preview=True)
    assert [problem.row for problem in refused.problems] == [2, 3]
    assert "the same places as in row 3" in refused.problems[0].reason


@pytest.mark.parametrize("content", [b"", b"from_postcode,to_postcode\n", b"PK\x03\x04 not a workbook", b"\xff\xfe"])
def test_a_file_that_is_no_matrix_is_refused_whole(shared_cost: Cost, content: bytes) -> None:
    file = common_pb2.ImportFile(name="matrix.csv", content=content)
    asked = transport_pb2.ImportTravelMatrixRequest(file=file, mode=GOOD)
    report = shared_cost.transport.ImportTravelMatrix(asked, timeout=SECONDS).report
    assert (report.accepted, [problem.row for problem in report.problems]) == (False, [0])


def test_an_import_is_recorded_in_counts_and_no_postcode_is_kept(cost: Cost, database_url: str) -> None:
    send(cost, row())
    engine = open_database(database_url)
    with reading(engine) as connection:
        (event,) = list_events(connection, 0, 10)
        (kept,) = connection.execute(text("SELECT * FROM travel_matrix"))
    engine.dispose()
    assert (event.name, event.facts["created"]) == ("travel_matrix_imported", "1")
    assert not any("WA8" in str(value) for value in (*event.facts.values(), *kept))


@pytest.fixture
def beside_provision(tmp_path: Path) -> Iterator[Cost]:
    school = point(SCHOOL_CODE)
    known = {100_001: (1, 2), 100_002: (3, 4), SCHOOL_URN: (school.easting, school.northing), LOST_URN: None}
    with small_provision(known) as address, beside(tmp_path, address) as cost:
        yield cost


def beside(folder: Path, provision: str) -> AbstractContextManager[Cost]:
    """The service with this address of provision."""
    url = f"sqlite:///{folder / 'cost.db'}"
    given = {"port": 0, "metrics_port": 0, "database_url": url, "INBOROUGH_PROVISION_ADDRESS": provision}
    return serving(Settings.model_validate(given))


def test_a_setting_may_be_named_by_its_urn(beside_provision: Cost) -> None:
    beside_provision.import_card()
    assert counts(send(beside_provision, row(to_postcode="", to_urn=SCHOOL_URN))) == (1, 0, 0)
    assert figures(quoted(beside_provision)) == (5_000, 9_000, 17)


@pytest.mark.parametrize("urn", [LOST_URN, 999_999])
def test_a_setting_that_has_no_place_on_file_is_refused(beside_provision: Cost, urn: int) -> None:
    (problem,) = send(beside_provision, row(to_postcode="", to_urn=urn), preview=True).problems
    assert (problem.row, problem.column, problem.value) == (2, "to_urn", str(urn))


def test_a_file_that_names_settings_needs_provision(tmp_path: Path) -> None:
    with beside(tmp_path, "127.0.0.1:9") as cost, pytest.raises(NeighbourDown, match="provision"):
        send(cost, row(to_postcode="", to_urn=SCHOOL_URN), preview=True)
