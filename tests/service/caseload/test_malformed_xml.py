"""Every malformed XML return is refused with file, row, column and reason, and nothing of it is written."""

from __future__ import annotations

import pytest

from tests.builders import caseload as build
from tests.service.caseload.conftest import Caseload

BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><Message>&b;</Message>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><Message>&a;</Message>"
PERSON = "<Message><SEN2><Persons><Person>{}</Person></Persons></SEN2></Message>"
GOOD_LEAVES = "<UPN>A876950010001</UPN><PersonBirthDate>2013-03-17</PersonBirthDate>"
XML = [
    ("an entity bomb", BOMB, 0, "", "entities"),
    ("an outside entity", OUTSIDE, 0, "", "entities"),
    ("a document type", "<!DOCTYPE Message><Message/>", 0, "", "document type"),
    ("an open element", "<Message><Persons>", 0, "", "not a readable XML"),
    ("another document", "<html><body/></html>", 0, "", "no Person"),
    ("elements without end", "<a>" * 3000, 0, "", "nested"),
    ("no birth date", PERSON.format("<UPN>A876950010001</UPN>"), 1, "personbirthdate", "empty"),
    ("a bad UPN", PERSON.format(GOOD_LEAVES.replace("A8769", "8769")), 1, "UPN", "not a UPN"),
    ("an element twice", PERSON.format(GOOD_LEAVES + "<Sex>M</Sex><Sex>F</Sex>"), 1, "Sex", "twice"),
    ("a need of nobody", PERSON.format(GOOD_LEAVES + "<SENneed><SENtype>ASD</SENtype></SENneed>"), 1, "", "nobody"),
]


@pytest.mark.parametrize(("text", "row", "column", "reason"), [c[1:] for c in XML], ids=[c[0] for c in XML])
def test_a_malformed_xml_return_is_refused(
    shared_caseload: Caseload, text: str, row: int, column: str, reason: str
) -> None:
    report = shared_caseload.import_sen2(build.xml_file(text))
    assert not report.accepted
    assert any(found.row == row and reason in found.reason for found in report.problems), report.problems
    assert column in {found.column for found in report.problems} or not column
    assert {found.file for found in report.problems} == {"sen2.xml"}
    assert shared_caseload.list().total == 0
