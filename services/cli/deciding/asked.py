"""What the command line says was decided, checked for slips of typing; the services judge the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import typer

from services.cli.commands.texts import read_text

_FOR_ONE = re.compile(r"(\d{5,7})=(.*)", re.DOTALL)
USUALLY_RANKED, MOST_RANKED = 5, 50
WAYS = "Say what was decided: --option N, --pool POOL_ID, --defer, or --refuse-request URN alone."


class Ground(StrEnum):
    """Grounds of the Children and Families Act 2014 s.39(4). Being full is none."""

    UNSUITABLE = "unsuitable"
    INCOMPATIBLE_WITH_OTHERS = "incompatible_with_others"
    INCOMPATIBLE_WITH_RESOURCES = "incompatible_with_resources"


@dataclass(frozen=True)
class Refusal:
    """A request that is not given: the setting's URN, ground, evidence, and why it was not consulted ("": it was)."""

    urn: int
    ground: Ground
    evidence: str
    not_consulted: str = ""


@dataclass(frozen=True)
class Asked:
    """What was decided. `option` is a rank, 0 for none; `refusals` alone say that nothing else is decided yet.

    `texts` are the request's free texts by field, already read. Without `recommendation_id` places are ranked now;
    without `panel_id` and urgency the panel is found.
    """

    option: int = 0
    pool_id: str = ""
    defer: bool = False
    until: date | None = None
    refusals: tuple[Refusal, ...] = ()
    over_number: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    panel_id: str = ""
    recommendation_id: str = ""

    def __post_init__(self) -> None:
        ways = sum((bool(self.option), bool(self.pool_id), self.defer))
        if ways > 1:
            raise typer.BadParameter("say one of --option, --pool and --defer", param_hint="--option")
        if not ways and not self.refusals:
            raise typer.BadParameter(WAYS, param_hint="--option")
        if self.until and not self.defer:
            raise typer.BadParameter("is for --defer", param_hint="--until")
        if self.panel_id and self.outside_panel:
            raise typer.BadParameter("say a panel, or --urgent for a decision outside one", param_hint="--panel")

    @property
    def outside_panel(self) -> bool:
        """Whether the chair decides without a panel."""
        return bool(self.texts.get("urgency"))

    @property
    def options_needed(self) -> int:
        """How many options to rank: as many as may hold the one meant."""
        return MOST_RANKED if self.pool_id else max(USUALLY_RANKED, self.option)


def read_refusals(
    urns: Sequence[int], grounds: Sequence[Ground], evidence: Sequence[str], not_consulted: Sequence[str]
) -> tuple[Refusal, ...]:
    """The requests refused: the first ground and evidence belong to the first URN, and so on.

    Raises typer.BadParameter when they do not pair, a URN comes twice, or a reason belongs to none of them.
    """
    if len(set(urns)) != len(urns):
        raise typer.BadParameter("the same URN comes twice", param_hint="--refuse-request")
    if not len(urns) == len(grounds) == len(evidence):
        rule = f"each --refuse-request needs one --ground and one --evidence; {len(urns)}, {len(grounds)} and "
        raise typer.BadParameter(f"{rule}{len(evidence)} are here", param_hint="--refuse-request")
    reasons = dict(_not_consulted(each, urns) for each in not_consulted)
    return tuple(
        Refusal(urn, ground, read_text(proof, "--evidence"), reasons.get(urn, ""))
        for urn, ground, proof in zip(urns, grounds, evidence, strict=True)
    )


def _not_consulted(given: str, urns: Sequence[int]) -> tuple[int, str]:
    """The setting and why it was not consulted: "URN=REASON", or the reason alone when one request is refused."""
    option = "--not-consulted"
    found = _FOR_ONE.fullmatch(given)
    if found and int(found[1]) in urns:
        return int(found[1]), read_text(found[2], option)
    if len(urns) != 1:
        raise typer.BadParameter(
            "write URN=REASON, with the URN of one of the requests refused" if urns else "is for --refuse-request",
            param_hint=option,
        )
    return urns[0], read_text(given, option)
