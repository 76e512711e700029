"""One SEN2 return, whatever its form, read into persons. Nothing raises: what is wrong is a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.imports.sen2.blade import read_blade
from services.caseload.imports.sen2.people import PersonRead, read_people
from services.caseload.imports.sen2.tree import hang_rows
from services.caseload.imports.sen2.xml import read_xml
from shared.errors import InvalidInput
from shared.imports.report import RowProblem, SourceFile


@dataclass(frozen=True)
class Sen2Return:
    """The sound persons of a return, the day it was made if known, and what is wrong with the rest."""

    people: Sequence[PersonRead]
    return_day: date | None
    rows_read: int
    problems: Sequence[RowProblem]
    warnings: Sequence[RowProblem]


def read_return(files: Sequence[SourceFile], pseudonyms: Pseudonyms) -> Sen2Return:
    """Read one export. Raises InvalidInput when the files are neither CSV modules nor one XML file."""
    is_xml = _is_xml(files)
    read = read_xml(files[0]) if is_xml else read_blade(files)
    hung = hang_rows(read)
    refused = {(problem.file, problem.row) for problem in read.problems}
    found = read_people(hung, read.return_day, pseudonyms, refused)
    problems, warnings = [*read.problems, *found.problems], [*read.warnings, *found.warnings]
    return Sen2Return(found.people, read.return_day, read.rows_read, problems, warnings)


def _is_xml(files: Sequence[SourceFile]) -> bool:
    endings = {file.name.rpartition(".")[2].casefold() for file in files}
    if endings == {"xml"} and len(files) == 1:
        return True
    if endings <= {"csv", "xlsx"}:
        return False
    raise InvalidInput("files", "send the .csv modules of one Blade export, or exactly one .xml file")
