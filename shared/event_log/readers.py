"""Which services read whose event logs. What a reader still needs stays in a log, and a backup takes readers first."""

from __future__ import annotations

from collections.abc import Mapping

READERS: Mapping[str, tuple[str, ...]] = {
    "journal": ("caseload", "provision", "cost", "placement", "journal"),
    "placement": ("caseload", "provision", "cost"),
}
"""By reader, the services whose logs it reads. A test holds it against what each events process reads."""
