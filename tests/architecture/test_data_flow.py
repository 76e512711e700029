"""Every field and column says what it tells of people, and docs/privacy/data-flow.md says the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from sqlalchemy import Column, Integer, MetaData, Table

from inborough.common.v1 import common_pb2
from shared.identity.access import access_of
from shared.identity.table import services
from shared.privacy import PSEUDONYM, STAFF, Holds, find_in_column
from tests.architecture.data_flow.columns import DATABASES, columns
from tests.architecture.data_flow.document import MARK, document
from tests.architecture.data_flow.fields import AS_ITS_FIELD, files, holds, is_leaf, messages, reached_from, said_of
from tests.architecture.source import ROOT, SERVICES

DOCUMENT = ROOT / "docs" / "privacy" / "data-flow.md"
WITHOUT_CASES = ("planner", "administrator")
"""People who work without any child's record."""


def test_every_field_of_every_message_says_what_it_holds() -> None:
    silent = [f.full_name for m in messages() for f in m.fields if is_leaf(f) and not said_of(f)]
    assert silent == [], "say it beside the field: [(inborough.common.v1.holds) = HOLDS_…]"


def test_every_column_of_every_table_says_what_it_holds() -> None:
    silent = sorted({f"{c.table.name}.{c.name} of {service}" for service, c in columns() if find_in_column(c) is None})
    assert silent == [], "say it beside the column: info=… of shared.privacy"


def test_every_database_is_looked_at() -> None:
    assert set(DATABASES) == {*SERVICES, "web"}


def test_both_have_the_same_words() -> None:
    words = {value.name.removeprefix("HOLDS_"): value.number for value in common_pb2.Holds.DESCRIPTOR.values}
    own = {word.name: word.value for word in Holds}
    assert words == {**own, "UNSPECIFIED": 0, "AS_ITS_FIELD": AS_ITS_FIELD}


def test_only_whole_messages_say_what_their_field_says() -> None:
    beside = [f.full_name for m in messages() for f in m.fields if f.GetOptions().Extensions[common_pb2.holds] == 8]
    assert beside == []


def test_the_document_is_fresh() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == document(text), "run `make data-flow`"


def test_the_head_of_the_document_names_every_place_outside_databases() -> None:
    head = DOCUMENT.read_text(encoding="utf-8").partition(MARK)[0]
    wanted = "Logs Metrics Traces Events Broker Journal Anchors Backups Exports Drafts Sessions Router Outlines".split()
    assert [word for word in wanted if f"**{word}" not in head] == []


def test_no_answer_to_whoever_works_without_cases_can_hold_free_text_about_one() -> None:
    """What a planner or administrator may ask for brings no words of a record: only files' rows and scenarios' own."""
    own = {"common.v1.RowProblem", "placement.v1.Scenario"}
    found = {
        str(field.containing_type.full_name).removeprefix("inborough.")
        for file in files()
        for service in file.services_by_name.values()
        for method in service.methods
        if access_of(service.full_name)[method.name] & set(WITHOUT_CASES)
        for field in reached_from(method.output_type)
        if holds(field) is Holds.FREE_TEXT
    }
    assert found <= own


@pytest.mark.parametrize("name", ["dpia.md", "atrs.md", "data-flow.md", "retention.md"])
def test_what_the_records_of_privacy_point_to_is_there(name: str) -> None:
    """A measure is as good as its proof: each test, file and link that is named exists."""
    text = (DOCUMENT.parent / name).read_text(encoding="utf-8")
    named = {match.partition("::")[0] for match in re.findall(r"`((?:tests|services|shared|protos)/[^` ]+)`", text)}
    linked = {link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)}
    assert {path for path in named if not (ROOT / path).exists()} == set()
    assert {link for link in linked if not (DOCUMENT.parent / link).exists()} == set()


def test_every_rpc_is_in_the_document() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [method for _, access in services() for method in access if f"\n| {method} |" not in text] == []


def test_a_new_field_and_a_new_column_without_a_word_are_found() -> None:
    file = descriptor_pb2.FileDescriptorProto(name="tests/silent.proto", package="tests.silent.v1", syntax="proto3")
    message = file.message_type.add(name="Silent")
    message.field.add(name="named", number=1, type="TYPE_STRING", label="LABEL_OPTIONAL")
    day = message.field.add(name="born", number=2, type="TYPE_MESSAGE", label="LABEL_OPTIONAL")
    day.type_name = ".inborough.common.v1.Date"
    file.dependency.append(common_pb2.DESCRIPTOR.name)
    pool: Any = descriptor_pool.Default()  # type: ignore[no-untyped-call]
    pool.AddSerializedFile(file.SerializeToString())
    silent = pool.FindMessageTypeByName("tests.silent.v1.Silent")
    assert [(is_leaf(field), said_of(field)) for field in silent.fields] == [(True, 0), (True, 0)]
    with pytest.raises(ValueError, match="0 is not a valid Holds"):
        holds(silent.fields[0])
    table = Table("silent", MetaData(), Column("named", Integer), Column("told", Integer, info=PSEUDONYM))
    assert [find_in_column(column) for column in table.columns] == [None, Holds.PSEUDONYM]
    whole = Table("whole", MetaData(), Column("named", Integer), info=STAFF)
    assert find_in_column(whole.c.named) is Holds.STAFF
