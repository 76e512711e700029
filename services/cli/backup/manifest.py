"""What a backup says of itself: manifest.json, the last file written and the first one read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn

FORMAT: Literal["inborough-backup/1"] = "inborough-backup/1"
NAME = "manifest.json"
AT_ONCE = 1024 * 1024


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableCopy(_Part):
    """One table: how many rows, and the checksum of them all, the same on SQLite and PostgreSQL."""

    name: str
    rows: int = Field(ge=0)
    checksum: str = Field(pattern="^[0-9a-f]{64}$")


class DatabaseCopy(_Part):
    """One service's database. `sha256` is of the file as it is kept, encrypted if it is."""

    service: str = Field(pattern="^[a-z]{1,20}$")
    kind: Literal["sqlite", "postgresql"]
    file: str = Field(pattern=r"^[a-z]{1,20}\.(sqlite|dump)(\.age)?$")
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    migration: str
    copied_time: str
    tables: list[TableCopy]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)


class Manifest(_Part):
    """A whole backup. `databases` are in the order in which they were copied; `encrypted_to` is "" for none."""

    format: Literal["inborough-backup/1"] = FORMAT
    release: str
    made_time: str
    seconds: float = Field(ge=0)
    encrypted_to: str = ""
    databases: list[DatabaseCopy]

    @property
    def bytes(self) -> int:
        """Of all files."""
        return sum(each.bytes for each in self.databases)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises CannotGoOn when the folder is none."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise CannotGoOn(
            f"{folder} is no backup: it has no {NAME}.", "Name a folder that `inborough backup` made in its --out."
        ) from None
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise CannotGoOn(
            f"{folder / NAME} is damaged or of another release (at {where}).", "Take another backup.", ANSWER_IS_NO
        ) from None


def sha256_of(path: Path) -> str:
    """Of a file, read a piece at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(AT_ONCE):
            digest.update(piece)
    return digest.hexdigest()
