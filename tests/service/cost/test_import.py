"""Importing rate cards: versions, counts, previews, and one transaction."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from inborough.cost.v1 import cost_pb2 as pb
from shared.errors import InvalidInput
from tests.builders.cost import COLUMNS, Cells, card_rows, import_file, rate, to_csv
from tests.service.cost.conftest import GOOD, SECONDS, Cost


def counts(imported: pb.ImportRateCardResponse) -> tuple[int, int, int]:
    report = imported.report
    return report.created, report.updated, report.unchanged


def changed(amount: object) -> list[Cells]:
    return [{**row, "amount": str(amount)} if row["item"] == "top_up" else row for row in card_rows()]


def test_the_first_import_of_a_name_is_version_1_with_every_rate_created(cost: Cost) -> None:
    imported = cost.import_card()
    assert (imported.rate_card_id, imported.report.accepted) == ("card_test_1", True)
    assert counts(imported) == (12, 0, 0)
    assert imported.report.rows_read == 12


def test_importing_the_same_again_changes_nothing_not_even_the_revision(cost: Cost) -> None:
    cost.import_card()
    revision = cost.quote().revision
    again = cost.import_card(to_csv(reversed(card_rows())), name="another.csv")
    assert (again.rate_card_id, counts(again)) == ("card_test_1", (0, 0, 12))
    assert cost.quote().revision == revision
    assert cost.list_ids() == ["card_test_1"]


def test_other_content_is_the_next_version_and_the_old_one_stays(cost: Cost) -> None:
    cost.import_card()
    revision = cost.quote().revision
    imported = cost.import_card(to_csv([*changed(5500), rate("top_up", 7000, band="E")]))
    assert (imported.rate_card_id, counts(imported)) == ("card_test_2", (1, 1, 11))
    assert cost.quote().revision != revision
    assert cost.list_ids() == ["card_test_1", "card_test_2"]
    assert [r.amount for r in cost.get("card_test_1").rates if r.item == "top_up"] == [500_000]


def test_going_back_to_earlier_content_is_a_version_of_its_own(cost: Cost) -> None:
    for amount in (5000, 5500, 5000):
        imported = cost.import_card(to_csv(changed(amount)))
    assert imported.rate_card_id == "card_test_3"


def test_a_preview_counts_and_writes_nothing(cost: Cost) -> None:
    preview = cost.import_card(preview=True)
    assert (preview.rate_card_id, preview.report.accepted, preview.report.preview) == ("", True, True)
    assert counts(preview) == (12, 0, 0)
    assert cost.list_ids() == []


def test_one_bad_row_refuses_the_card_by_default(cost: Cost) -> None:
    imported = cost.import_card(to_csv(card_rows(rate("top_up", "lots", kind="sen_unit"))))
    assert (imported.rate_card_id, imported.report.accepted, counts(imported)) == ("", False, (0, 0, 0))
    (problem,) = imported.report.problems
    assert (problem.file, problem.row, problem.column, problem.value) == ("rates.csv", 14, "amount", "lots")
    assert "write 1234.56" in problem.reason
    assert cost.list_ids() == []


def test_good_rows_only_writes_the_others(cost: Cost) -> None:
    imported = cost.import_card(to_csv(card_rows(rate("top_up", "lots", kind="sen_unit"))), mode=GOOD)
    assert (imported.rate_card_id, counts(imported)) == ("card_test_1", (12, 0, 0))
    assert (len(imported.report.problems), imported.report.rows_read) == (1, 13)


def test_good_rows_only_still_refuses_a_card_that_could_not_price(cost: Cost) -> None:
    rows = [{**row, "amount": "x"} if row["item"] == "transport_days" else row for row in card_rows()]
    imported = cost.import_card(to_csv(rows), mode=GOOD)
    assert not imported.report.accepted
    assert "there is no transport_days" in imported.report.problems[0].reason
    assert cost.list_ids() == []


def test_a_workbook_is_read_like_a_csv_file(cost: Cost) -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in (COLUMNS, *([row.get(column, "") for column in COLUMNS] for row in card_rows())):
        workbook.active.append(row)
    content = io.BytesIO()
    workbook.save(content)
    assert cost.import_card(content.getvalue(), name="rates.xlsx").rate_card_id == "card_test_1"
    assert cost.import_card().rate_card_id == "card_test_1"


def test_two_imports_at_once_make_two_versions(cost: Cost) -> None:
    with ThreadPoolExecutor(4) as pool:
        imported = list(pool.map(lambda amount: cost.import_card(to_csv(changed(amount))), range(1, 5)))
    assert sorted(found.rate_card_id for found in imported) == [f"card_test_{version}" for version in range(1, 5)]
    assert len(cost.list_ids()) == 4


def test_an_empty_file_is_refused_in_its_report(shared_cost: Cost) -> None:
    report = shared_cost.import_card(b"").report
    assert not report.accepted
    assert ["the file is empty" in problem.reason for problem in report.problems] == [True]


def test_no_file_or_no_mode_is_refused(shared_cost: Cost) -> None:
    with pytest.raises(InvalidInput, match="no file was sent"):
        shared_cost.stub.ImportRateCard(pb.ImportRateCardRequest(), timeout=SECONDS)
    with pytest.raises(InvalidInput, match="ALL_OR_NOTHING"):
        shared_cost.stub.ImportRateCard(pb.ImportRateCardRequest(file=import_file()), timeout=SECONDS)


def test_warnings_name_what_the_card_leaves_unpriced_and_bands_that_fall(cost: Cost) -> None:
    rows = [row for row in card_rows() if row["item"] not in ("place_funding", "top_up", "hn_unit_block")]
    rows += [rate("place_funding", 1, kind="mainstream"), rate("transport", 5, "gbp_per_day", minimum_metres=9000)]
    imported = cost.import_card(to_csv(rows))
    assert imported.report.accepted
    reasons = " ".join(warning.reason for warning in imported.report.warnings)
    assert "nothing is priced for the kind hn_unit" in reasons
    assert "the kind mainstream" not in reasons
    assert "the kind independent_special" not in reasons
    assert "transport from 9,000 metres costs less than nearer by" in reasons
