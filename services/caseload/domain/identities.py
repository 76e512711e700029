"""Which case each person of a return is: by any identifier seen before, else a new case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.caseload.domain.pseudonyms import KINDS, STRONG_KINDS, References, case_id_of

Known = Mapping[tuple[str, str], str]
"""Case ids by kind and digest, as stored."""


@dataclass
class Recognised:
    """Case ids by position of the person; for a person who is there twice, the position where they are first."""

    case_ids: dict[int, str] = field(default_factory=dict)
    repeated: dict[int, tuple[int, str]] = field(default_factory=dict)


def recognise(people: Sequence[References], known: Known) -> Recognised:
    """Give every person a case id. A person who is there twice gets none the second time.

    A UPN or ULN decides. An exporting system's id or a name decides only for a case that nobody else in the return
    is, and whose UPN and ULN do not say otherwise, since systems use ids again and children share names.
    """
    found = Recognised(repeated=_repeated(people))
    numbers = _strong_digests(known)
    claimed: dict[str, int] = {}
    for kind in KINDS:
        for at, references in enumerate(people):
            if at in found.case_ids or at in found.repeated or kind not in references:
                continue
            case_id = known.get((kind, references[kind]))
            if case_id is None or (kind not in STRONG_KINDS and _is_another(references, case_id, numbers)):
                continue
            if case_id not in claimed:
                claimed[case_id] = at
                found.case_ids[at] = case_id
            elif kind in STRONG_KINDS:
                found.repeated[at] = (claimed[case_id], kind)
    _name_new(people, set(known.values()) | set(claimed), found)
    return found


def _repeated(people: Sequence[References]) -> dict[int, tuple[int, str]]:
    """People whose identifier is on an earlier row; one that is not a UPN or ULN counts only for those without."""
    repeated: dict[int, tuple[int, str]] = {}
    for kind in KINDS:
        first: dict[str, int] = {}
        for at, references in enumerate(people):
            has_number = any(strong in references for strong in STRONG_KINDS)
            if kind not in references or (has_number and kind not in STRONG_KINDS):
                continue
            earlier = first.setdefault(references[kind], at)
            if earlier != at:
                repeated.setdefault(at, (earlier, kind))
    return repeated


def _strong_digests(known: Known) -> Mapping[tuple[str, str], set[str]]:
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (kind, digest), case_id in known.items():
        if kind in STRONG_KINDS:
            numbers[case_id, kind].add(digest)
    return numbers


def _is_another(references: References, case_id: str, numbers: Mapping[tuple[str, str], set[str]]) -> bool:
    """Whether the case has a UPN or ULN on file and the person a different one."""
    return any(
        references[kind] not in numbers[case_id, kind]
        for kind in STRONG_KINDS
        if kind in references and (case_id, kind) in numbers
    )


def _name_new(people: Sequence[References], taken: set[str], found: Recognised) -> None:
    """New ids, each from the strongest identifier whose id is not another child's already."""
    for at, references in enumerate(people):
        if at in found.case_ids or at in found.repeated:
            continue
        free = (case_id_of(references[kind]) for kind in KINDS if kind in references)
        case_id = next((one for one in free if one not in taken), None)
        if case_id is None:
            found.repeated[at] = (at, "native")
            continue
        taken.add(case_id)
        found.case_ids[at] = case_id
