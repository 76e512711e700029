"""Erase a case from every service, and find and remove what is past its term in each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inborough.common.v1 import common_pb2
from inborough.keeping.v1 import keeping_pb2
from services.cli.calls import Services, ask
from shared.errors import InboroughError, NeighbourDown, TooMuch

ORDER = ("caseload", "placement", "provision", "cost", "journal")
"""Caseload first: from then on nothing new can begin about the case. Then placement, which holds places."""
ERASE_SECONDS = 300.0
TERM_ENDED = "term_ended"
MOST = 10_000
Step = Callable[[str], None]


@dataclass(frozen=True)
class Erasure:
    """What each service removed of a case, and why those that did not could not."""

    removed: dict[str, list[keeping_pb2.Removed]] = field(default_factory=dict)
    failed: dict[str, InboroughError] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Removed in all."""
        return sum(each.rows for removed in self.removed.values() for each in removed)


def erase_everywhere(services: Services, case_id: str, reason_code: str, step: Step = lambda _: None) -> Erasure:
    """Ask every service in turn. One that does not answer holds up no other; asked again, each removes what is left.

    Raises what the first service raises for a wrong request or a caller without the role.
    """
    found = Erasure()
    request = keeping_pb2.EraseCaseRequest(case_id=case_id, reason_code=reason_code)
    for service in ORDER:
        step(service)
        try:
            found.removed[service] = list(_erase(services, service, request, step).removed)
        except InboroughError as error:
            if service == ORDER[0] and not isinstance(error, NeighbourDown):
                raise
            found.failed[service] = error
    return found


def _erase(
    services: Services, service: str, request: keeping_pb2.EraseCaseRequest, step: Step
) -> keeping_pb2.EraseCaseResponse:
    """Of many cases a service lets one person erase some a minute: then wait as long as it says, and ask again."""
    while True:
        try:
            return ask(services.keeping(service).EraseCase, request, f"Erasing from {service}", ERASE_SECONDS)
        except TooMuch as error:
            seconds = int(error.facts.get("retry_in_seconds", "0"))
            if not seconds:
                raise
            step(f"{service}, again in {seconds} seconds")
            time.sleep(seconds)


@dataclass(frozen=True)
class Kept:
    """What is past its term: by service the terms, the cases, and erasures that some services have still to do.

    `begun` has the reason code by case id.
    """

    terms: Mapping[str, Sequence[keeping_pb2.Term]]
    case_ids: Sequence[str]
    begun: Mapping[str, str]


def find_past_term(services: Services, as_of: common_pb2.Date | None) -> Kept:
    """Ask every service; raises NeighbourDown for the first that does not answer."""
    request = keeping_pb2.ListPastTermRequest(as_of=as_of)
    answers = {
        service: ask(services.keeping(service).ListPastTerm, request, f"Asking {service}", ERASE_SECONDS)
        for service in ORDER
    }
    case_ids = sorted({case_id for answer in answers.values() for case_id in answer.case_ids})
    return Kept({service: answer.terms for service, answer in answers.items()}, case_ids, _begun(services))


def _begun(services: Services) -> dict[str, str]:
    """Cases that one service has erased and another has not: somebody stopped halfway."""
    request = keeping_pb2.ListErasedCasesRequest(most=MOST)
    erased = {
        service: {
            each.case_id: each.reason_code
            for each in ask(services.keeping(service).ListErasedCases, request, f"Asking {service}").erased
        }
        for service in ORDER
    }
    everywhere = set.intersection(*(set(cases) for cases in erased.values()))
    return {case_id: code for cases in erased.values() for case_id, code in cases.items() if case_id not in everywhere}


def remove_past_term(services: Services, kept: Kept, step: Step) -> Iterator[tuple[str, str, int]]:
    """Remove it: (service, what, rows) as it goes. Cases go one by one, from every service, the unfinished ones first.

    Raises what a service raises; what was removed by then stays removed, and asking again goes on.
    """
    for case_id, reason_code in {**dict.fromkeys(kept.case_ids, TERM_ENDED), **kept.begun}.items():
        found = erase_everywhere(services, case_id, reason_code, step)
        for error in found.failed.values():
            raise error
        yield "every service", "cases", 1
    for service in ORDER:
        step(service)
        request = keeping_pb2.RemovePastTermRequest()
        answer = ask(services.keeping(service).RemovePastTerm, request, f"Removing from {service}", ERASE_SECONDS)
        for removed in answer.removed:
            yield service, removed.what, removed.rows
