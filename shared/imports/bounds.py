"""How much one import may hold, so that no file, however it was made, takes a process's memory or its day."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024 * 1024
LONGEST_CELL = 32_767
"""Characters, as in Excel."""
LONGEST_LINE = 1_000_000
"""Characters of one line of a CSV file, so that a row of commas alone is never made into cells."""
MOST_PARTS = 1_000
"""Files within a workbook."""


class Bounds(BaseSettings):
    """Of every import, from the environment of the process that reads it."""

    model_config = SettingsConfigDict(
        env_prefix="INBOROUGH_IMPORT_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    mib: int = Field(128, ge=1, le=512, description="MiB of all files of one import.")
    rows: int = Field(2_000_000, ge=1, le=50_000_000, description="Rows of one file.")
    cells: int = Field(40_000_000, ge=1, le=1_000_000_000, description="Cells of one file, blank ones too.")
    unpacked_mib: int = Field(256, ge=1, le=4096, description="MiB of a workbook once it is unpacked.")

    @property
    def content(self) -> int:
        """Bytes of all files of one import."""
        return self.mib * MIB
