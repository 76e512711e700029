"""Whatever the bytes, an importer answers with problems and never raises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.caseload.domain.plans import Person, read_facts
from services.caseload.domain.pseudonyms import Pseudonyms, case_id_of
from services.caseload.imports.due import DueRow, read_decisions
from services.caseload.imports.own import read_child_rows
from services.caseload.imports.preferences import PreferenceRow, read_preferences
from services.caseload.imports.sen2.read import Sen2Return, read_return
from shared.imports.report import RowProblem, SourceFile
from tests.builders import caseload as build
from tests.builders.caseload import Child

PSEUDONYMS = Pseudonyms(b"a key for tests only")
BLADE = [SourceFile(file.name, file.content) for file in build.blade(*build.children(2))]
XML = build.xml(*build.children(2))[0].content
DUE = build.due({}, {"upn": build.upn(2)}).content
PREFERENCES = build.preferences({}, {"upn": build.upn(2)}).content
KNOWN = {("upn", PSEUDONYMS.digest("upn", build.upn(at))): case_id_of(str(at) * 16) for at in (1, 2)}
CASE_IDS = list(KNOWN.values())
FACTS = {case_id: read_facts(Person("F", date(2013, 3, 17), ()), None) for case_id in CASE_IDS}

bits = st.binary(max_size=60)


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """The original with up to five slices replaced."""
    content = original
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 1, 2, 5, 40]))
        content = content[:start] + draw(bits) + content[start + length :]
    return content


def well_formed(problems: Sequence[RowProblem]) -> None:
    """Every problem names a file and a row and gives a reason that fits a line."""
    for problem in problems:
        assert problem.file
        assert problem.row >= 0
        assert 0 < len(problem.reason) < 600
        assert len(problem.value) <= 80


def read_sen2(files: Sequence[SourceFile]) -> Sen2Return:
    found = read_return(files, PSEUDONYMS)
    well_formed([*found.problems, *found.warnings])
    return found


def read_due(content: bytes) -> None:
    read = read_child_rows(SourceFile("due.csv", content), DueRow, PSEUDONYMS, KNOWN, CASE_IDS)
    decisions, problems = read_decisions(read, FACTS)
    well_formed([*read.problems, *problems])
    assert decisions.keys() <= FACTS.keys()


def read_wishes(content: bytes) -> None:
    read = read_child_rows(SourceFile("preferences.csv", content), PreferenceRow, PSEUDONYMS, KNOWN, CASE_IDS)
    wishes, problems = read_preferences(read)
    well_formed([*read.problems, *problems])
    assert wishes.keys() <= FACTS.keys()


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(BLADE))
def test_a_mutated_blade_module_never_raises(data: st.DataObject, spoiled: SourceFile) -> None:
    content = data.draw(mutated(spoiled.content))
    read_sen2([SourceFile(file.name, content) if file is spoiled else file for file in BLADE])


@settings(max_examples=150, deadline=None)
@given(mutated(XML))
def test_a_mutated_xml_return_never_raises(content: bytes) -> None:
    read_sen2([SourceFile("sen2.xml", content)])


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=400), st.sampled_from(["sen2.xml", "x_person.csv", "x_senneed.csv", "y.xlsx"]))
def test_arbitrary_bytes_never_raise(content: bytes, name: str) -> None:
    found = read_sen2([SourceFile(name, content)])
    assert not found.people


@settings(max_examples=150, deadline=None)
@given(mutated(DUE))
def test_a_mutated_file_of_decisions_never_raises(content: bytes) -> None:
    read_due(content)


@settings(max_examples=150, deadline=None)
@given(mutated(PREFERENCES))
def test_a_mutated_file_of_preferences_never_raises(content: bytes) -> None:
    read_wishes(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"upn,reason,first_day\n", b"\xef\xbb\xbf"]))
def test_arbitrary_bytes_as_own_files_never_raise(content: bytes, start: bytes) -> None:
    read_due(start + content)
    read_wishes(start + content)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["surname", "postcode", "nativeid", "upn", "personbirthdate", "sex"]))
def test_any_text_in_a_cell_is_read_or_refused(text: str, column: str) -> None:
    tables = build.blade_tables([Child()])
    name = "NativeId" if column == "nativeid" else column
    tables["person"][0][name] = text
    files = [SourceFile(file.name, file.content) for file in build.blade_files(tables)]
    found = read_sen2(files)
    assert len(found.people) == 1 or found.problems
