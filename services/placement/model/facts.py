"""What the rules look at: one case, one pool, one request, as frozen facts gathered from the other services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

INMSS_KINDS = frozenset({"non_maintained_special", "independent_special"})
"""Independent and non-maintained special schools, as the Department counts them."""

KINDS_IN_WORDS = {
    "mainstream": "mainstream school",
    "resource_base": "resource base",
    "sen_unit": "SEN unit",
    "hn_unit": "High Needs dependency unit",
    "state_special": "maintained or academy special school",
    "non_maintained_special": "non-maintained special school",
    "independent_special": "independent special school",
    "alternative_provision": "alternative provision",
    "further_education": "further education college",
}


@dataclass(frozen=True)
class Request:
    """A setting that the family asked for.

    `s38_3` says which duty applies (Children and Families Act 2014 s.38(3), else Education Act 1996 s.9); `ground` is
    the ground of s.39(4) that the panel has recorded against it, "" when none; `kinds` are the kinds of place it has,
    none where no pool is on file; `register_differs`: the preferences file gives another class than the register,
    which counts.
    """

    urn: int
    rank: int = 1
    s38_3: bool = True
    ground: str = ""
    kinds: tuple[str, ...] = ()
    register_differs: bool = False


@dataclass(frozen=True)
class CaseFacts:
    """One child whose placement is due, as far as the rules need to know. Year group and age are on the first day."""

    case_id: str
    year_group: int
    age_years: int = 10
    sex: str = ""
    needs: tuple[str, ...] = ()
    has_home: bool = True
    current_urn: int = 0
    reason: str = ""
    deadline: date | None = None
    advised_kinds: tuple[str, ...] = ()
    requests: tuple[Request, ...] = ()
    wheelchair: bool = False
    has_plan: bool = True
    exclusion_risk: str = ""
    review_says_mainstream_cannot: bool | None = None

    @property
    def primary_need(self) -> str:
        """SEN2 code of the first-ranked need, "" when none is recorded."""
        return self.needs[0] if self.needs else ""

    def request_for(self, urn: int) -> Request | None:
        """The request for this setting, if the family made one."""
        return next((request for request in self.requests if request.urn == urn), None)


@dataclass(frozen=True)
class PoolFacts:
    """Interchangeable places at one setting, as they stand on the first day. `places_free` None: no fixed number.

    `given_up`: places held by children whose phase transfer is being decided, counted as free and not as filled.
    """

    pool_id: str
    urn: int
    kind: str
    setting_name: str = "A setting"
    needs: tuple[str, ...] = ()
    year_group_low: int = 0
    year_group_high: int = 11
    admits_sex: str = "mixed"
    places_commissioned: int | None = 10
    places_filled: int = 0
    places_free: int | None = 10
    given_up: int = 0
    confirmed: bool = True
    opens_on: date | None = None
    wheelchair_accessible: bool | None = None
    in_borough: bool = True
    s38_3: bool = True
    status: str = "Open"
    group_id: str = ""

    @property
    def is_inmss(self) -> bool:
        """Whether a place here is in an independent or non-maintained special school."""
        return self.kind in INMSS_KINDS


@dataclass(frozen=True)
class GroupFacts:
    """A cap shared by several pools."""

    group_id: str
    places_free: int
    pool_ids: tuple[str, ...]


@dataclass(frozen=True)
class PlacementFacts:
    """Everything gathered for one first day, in the order of case id and of pool id.

    `revisions` are the neighbours' revision tokens; `facts_hash` is made from the content alone.
    """

    first_day: date
    cases: tuple[CaseFacts, ...]
    pools: tuple[PoolFacts, ...]
    groups: tuple[GroupFacts, ...] = ()
    as_of_time: str = ""
    facts_hash: str = ""
    revisions: tuple[str, str] = ("", "")
    case_rows: dict[str, int] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        self.case_rows.update({case.case_id: row for row, case in enumerate(self.cases)})
