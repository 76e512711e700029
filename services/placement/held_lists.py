"""Cases and pools as neighbours said last, kept up to date by what they say changed since.

Lists kept by changes are equal to lists sent whole. A message that did not change stays the same object, so that
whatever was made from it is known to stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from inborough.caseload.v1 import caseload_pb2
from inborough.provision.v1 import provision_pb2

MessageT = TypeVar("MessageT", caseload_pb2.Case, provision_pb2.PlacePool)


class CasesAnswer(Protocol):
    """ListCasesDue's answer, or ListOpenCases': the same fields."""

    @property
    def revision(self) -> str: ...

    @property
    def unchanged(self) -> bool: ...

    @property
    def changes_only(self) -> bool: ...

    @property
    def cases(self) -> Iterable[caseload_pb2.Case]: ...

    @property
    def gone_ids(self) -> Iterable[str]: ...


@dataclass(frozen=True, eq=False)
class HeldCases:
    """Cases at a revision of caseload, by id and in order of it."""

    revision: str = ""
    cases: Mapping[str, caseload_pb2.Case] = field(default_factory=dict)

    def after(self, answer: CasesAnswer) -> HeldCases:
        """What an answer makes of them; these very ones when nothing changed."""
        if answer.unchanged:
            return self
        said = {case.case_id: case for case in answer.cases}
        return HeldCases(answer.revision, _merged(self.cases, said, answer.gone_ids, answer.changes_only))


@dataclass(frozen=True, eq=False)
class HeldPools:
    """Pools at a revision of provision, by id and in order of it, and their groups, ordered by id."""

    revision: str = ""
    pools: Mapping[str, provision_pb2.PlacePool] = field(default_factory=dict)
    groups: tuple[provision_pb2.PoolGroup, ...] = ()
    authority: str = ""

    def after(self, answer: provision_pb2.ListPlacePoolsResponse) -> HeldPools:
        """What an answer makes of them; these very ones when nothing changed."""
        if answer.unchanged:
            return self
        said = {pool.pool_id: pool for pool in answer.pools}
        merged = _merged(self.pools, said, answer.gone_ids, answer.changes_only)
        groups = tuple(sorted(answer.groups, key=lambda group: group.group_id))
        return HeldPools(answer.revision, merged, groups, answer.authority)


def _merged(
    held: Mapping[str, MessageT], said: Mapping[str, MessageT], gone: Iterable[str], changes_only: bool
) -> dict[str, MessageT]:
    """Messages by id, ordered. One that says what the one held says is left as it is."""
    stays = {key: held[key] for key, message in said.items() if key in held and held[key] == message}
    if not changes_only:
        return dict(sorted({**said, **stays}.items()))
    merged = {**held, **said, **stays}
    for key in gone:
        merged.pop(key, None)
    return merged if merged.keys() == held.keys() else dict(sorted(merged.items()))
