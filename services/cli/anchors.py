"""Anchors of the journal in a file kept elsewhere: where each chain ended when they were written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inborough.journal.v1 import journal_pb2
from services.cli.failures import CannotGoOn
from shared.days import in_rfc3339, now_utc

FORMAT = "inborough-journal-anchors/1"


class _Anchor(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    source: str = Field(pattern="^[a-z]{1,40}$")
    entry_number: int = Field(ge=0)
    hash: str = Field(pattern="^[0-9a-f]{2,128}$")


class _File(BaseModel):
    format: str = Field(pattern=f"^{FORMAT}$")
    anchors: list[_Anchor]


def read_anchors(path: Path) -> list[journal_pb2.Anchor]:
    """The anchors in a file. Raises CannotGoOn when it is no such file; OSError when it cannot be read."""
    try:
        found = _File.model_validate_json(path.read_bytes())
    except ValidationError:
        raise CannotGoOn(
            f"{path} holds no anchors of the journal.", "Name a file that `journal verify --write-anchors` wrote."
        ) from None
    return [
        journal_pb2.Anchor(source=each.source, entry_number=each.entry_number, hash=each.hash) for each in found.anchors
    ]


def write_anchors(path: Path, chains: Iterable[journal_pb2.Chain]) -> None:
    """Write where each chain ends now. Raises OSError, also when the file is there: older anchors prove
    more."""
    heads = [
        {"source": chain.source, "entry_number": chain.head.entry_number, "hash": chain.head.hash} for chain in chains
    ]
    kept = {"format": FORMAT, "written_time": in_rfc3339(now_utc()), "anchors": heads}
    with path.open("x", encoding="utf-8") as file:
        file.write(f"{json.dumps(kept, indent=2, sort_keys=True)}\n")
