"""The modules of a SEN2 return: their columns, as far as they are read, and how one module hangs on another.

Blade names columns `sentyperank`, XML elements `SENtypeRank`: case does not matter. Other columns are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.caseload.domain.case import NEED_CODES, SEN_SETTINGS
from services.caseload.domain.pseudonyms import tidy_uln, tidy_upn
from shared.imports.rows import Day, RowModel, whole

SEXES = {"m": "M", "f": "F", "1": "M", "2": "F", "male": "M", "female": "F"}
SEX_NOT_KNOWN = frozenset("0 9 u x i unknown".split())
INDICATORS = {"true": True, "1": True, "y": True, "yes": True, "false": False, "0": False, "n": False, "no": False}


def _sex(cell: Any) -> str:
    word = str(cell).strip().casefold()
    if word in SEX_NOT_KNOWN:
        return ""
    if word not in SEXES:
        raise ValueError("not a sex as SEN2 writes it; M or F")
    return SEXES[word]


def _indicator(cell: Any) -> bool:
    word = str(cell).strip().casefold()
    if word not in INDICATORS:
        raise ValueError("not true or false")
    return INDICATORS[word]


def _urn(cell: Any) -> int:
    text = str(cell).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 6 and text[0] != "0"):
        raise ValueError("not a URN: six digits; leave it empty where the setting has none")
    return int(text)


def _code(what: str, allowed: tuple[str, ...]) -> BeforeValidator:
    def check(cell: Any) -> str:
        code = str(cell).strip().upper()
        if code not in allowed:
            raise ValueError(f"not a {what} code; one of {' '.join(allowed)}")
        return code

    return BeforeValidator(check)


Sex = Annotated[str, BeforeValidator(_sex)]
Indicator = Annotated[bool, BeforeValidator(_indicator)]
Urn = Annotated[int, BeforeValidator(_urn)]
Upn = Annotated[str, BeforeValidator(lambda cell: tidy_upn(str(cell)))]
Uln = Annotated[str, BeforeValidator(lambda cell: tidy_uln(str(cell)))]


class PersonRow(RowModel):
    """A person. Name, birth date, postcode and numbers are read, used, and not kept."""

    nativeid: str = Field("", description="The exporting system's own id.")
    surname: str = Field("", description="Used only to recognise a person without UPN and ULN.")
    forename: str = Field("", description="Used only to recognise a person without UPN and ULN.")
    personbirthdate: Day = Field(description="Date of birth; month and year are kept.")
    sex: Sex = Field("", description="M or F.")
    gendercurrent: Sex = Field("", description="What `sex` was called in older returns.")
    postcode: str = Field("", description="Turned into a grid reference and not kept.")
    upn: Upn = Field("", description="Unique pupil number.")
    uniquelearnernumber: Uln = Field("", description="Unique learner number.")


class RequestRow(RowModel):
    """A request for an assessment."""

    receiveddate: Day | None = Field(None, description="Day it was received.")
    requestoutcome: str = Field("", description="Y: it will be assessed; N or W: refused or withdrawn.")


class AssessmentRow(RowModel):
    """An assessment: it links a plan to its request, and says whether one will be made."""

    assessmentoutcome: str = Field("", description="Y: a plan will be made; N or W: refused or withdrawn.")


class NamedPlanRow(RowModel):
    """An EHC plan, open until it has a day of ceasing."""

    startdate: Day = Field(description="Day the plan began.")
    ceasedate: Day | None = Field(None, description="Day it ceased; empty while it is open.")
    ceasereason: str = Field("", description="Why it ceased.")


class PlanDetailRow(RowModel):
    """A setting that a plan names."""

    urn: Urn = Field(0, description="URN of the setting.")
    ukprn: str = Field("", description="UK provider number; enough where there is no URN.")
    sensetting: Annotated[str, _code("sensetting", SEN_SETTINGS)] = Field(
        "", description="Kind of setting without URN."
    )
    placementrank: Annotated[int, whole(1, 99)] = Field(1, description="1 is the main setting.")
    senunitindicator: Indicator = Field(False, description="Placed in its SEN unit.")
    resourcedprovisionindicator: Indicator = Field(False, description="Placed in its resourced provision.")


class ActivePlanRow(RowModel):
    """What is said of a plan in force."""

    reviewmeeting: Day | None = Field(None, description="Day of the review meeting.")
    lastreview: Day | None = Field(None, description="Day of the last review's decision.")
    phasetransferduedate: Day | None = Field(None, description="Day by which a phase transfer is named.")
    phasetransferfinaldate: Day | None = Field(None, description="Day on which it was named.")


class PlacementDetailRow(PlanDetailRow):
    """A setting that a child attends."""

    entrydate: Day | None = Field(None, description="First day there.")
    leavingdate: Day | None = Field(None, description="Last day there; empty while there is none.")


class SenNeedRow(RowModel):
    """A ranked need."""

    sentype: Annotated[str, _code("sentype", NEED_CODES)] = Field(description="Need code.")
    sentyperank: Annotated[int, whole(1, 99)] = Field(description="1 is the primary need.")


@dataclass(frozen=True)
class Module:
    """A module: its name in files, the module that its rows hang on, and its columns."""

    name: str
    parent: str
    row: type[RowModel]

    @property
    def own_id(self) -> str:
        return f"{self.name}tableid"

    @property
    def parent_id(self) -> str:
        return f"{self.parent}tableid"

    @property
    def has_children(self) -> bool:
        return any(module.parent == self.name for module in MODULES)


MODULES = (
    Module("person", "", PersonRow),
    Module("requests", "person", RequestRow),
    Module("assessment", "requests", AssessmentRow),
    Module("namedplan", "assessment", NamedPlanRow),
    Module("plandetail", "namedplan", PlanDetailRow),
    Module("activeplans", "requests", ActivePlanRow),
    Module("placementdetail", "activeplans", PlacementDetailRow),
    Module("senneed", "activeplans", SenNeedRow),
)
"""Parents before children."""
BY_NAME = {module.name: module for module in MODULES}
