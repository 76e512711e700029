"""Remove backups past their days, and tell Prometheus when the last one succeeded."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.cli.backup.making import PREFIX, UNFINISHED
from services.cli.backup.manifest import NAME, Manifest
from shared.days import now_utc

METRICS = "inborough_backup.prom"
A_DAY = timedelta(days=1)
_NAME = re.compile(rf"{PREFIX}(\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}-\d{{2}}-\d{{2}}Z)")


def remove_old(out: Path, keep_days: int) -> list[str]:
    """Remove whole backups older than so many days, never the newest, and what a killed run left; the names."""
    found = sorted((made, path) for path in out.iterdir() if (made := _made(path)) and (path / NAME).exists())
    old = [path for made, path in found[:-1] if now_utc() - made > timedelta(days=keep_days)]
    left = [path for path in out.glob(f"{UNFINISHED}*") if time.time() - path.stat().st_mtime > A_DAY.total_seconds()]
    for path in (*old, *left):
        shutil.rmtree(path)
    return [path.name for path in old]


def _made(path: Path) -> datetime | None:
    named = _NAME.fullmatch(path.name)
    return datetime.strptime(named[1], "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC) if named else None


def write_metrics(path: Path, manifest: Manifest) -> None:
    """Write what node_exporter's textfile collector reads, at once. It says nothing of anybody, so all may read it."""
    lines = (
        "# HELP inborough_backup_last_success_timestamp_seconds When the last whole backup was made, in Unix time.",
        "# TYPE inborough_backup_last_success_timestamp_seconds gauge",
        f"inborough_backup_last_success_timestamp_seconds {datetime.fromisoformat(manifest.made_time).timestamp():.0f}",
        "# HELP inborough_backup_size_bytes Size of the last whole backup.",
        "# TYPE inborough_backup_size_bytes gauge",
        f"inborough_backup_size_bytes {manifest.bytes}",
        "# HELP inborough_backup_duration_seconds How long the last whole backup took.",
        "# TYPE inborough_backup_duration_seconds gauge",
        f"inborough_backup_duration_seconds {manifest.seconds}",
    )
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.chmod(0o644)
    unfinished.replace(path)
