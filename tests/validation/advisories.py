"""No library that we install has a known vulnerability: `python -m tests.validation.advisories`.

pip-audit asks PyPI's advisories about every version in uv.lock. A finding that does not concern us is written, with why
and until when, in docs/security/advisories.toml; one that has run out counts again. Where PyPI's advisories cannot be
reached it says so, and nothing is judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.architecture.source import ROOT
from tests.validation.sbom import UV

EXCEPTIONS = ROOT / "docs" / "security" / "advisories.toml"
PROBE = f"https://pypi.org/pypi/pip-audit/{version('pip-audit')}/json"
PROBE_SECONDS = 5
AUDIT_SECONDS = 300


@dataclass(frozen=True)
class Exempt:
    """A finding that was looked at: its id, why it does not concern us, and the last day on which that holds."""

    id: str
    reason: str
    until: date


def read_exempt(path: Path = EXCEPTIONS) -> list[Exempt]:
    """Raises TypeError for an entry without a reason or an end."""
    return [Exempt(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("exempt", [])]


def is_reachable() -> bool:
    """Whether PyPI answers about its advisories from here."""
    try:
        with urllib.request.urlopen(PROBE, timeout=PROBE_SECONDS) as answer:
            return "vulnerabilities" in json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def audit() -> list[dict[str, Any]]:
    """What pip-audit says of each library in the lock file. Raises RuntimeError when it could not ask."""
    export = [
        str(UV),
        "export",
        "--frozen",
        "--quiet",
        "--no-hashes",
        "--no-emit-project",
        "--all-extras",
        "--all-groups",
    ]
    with TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        subprocess.run([*export, "--output-file", str(wanted)], cwd=ROOT, check=True, capture_output=True)
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(wanted), "--disable-pip", "--no-deps"]
        command += ["--format", "json", "--progress-spinner", "off"]
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=AUDIT_SECONDS)
    try:
        answered: list[dict[str, Any]] = json.loads(found.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise RuntimeError(f"pip-audit could not ask PyPI; try again. It says:\n{found.stderr[-2000:]}") from None
    return answered


def findings(answered: Sequence[dict[str, Any]], exempt: Sequence[Exempt], today: date) -> Iterator[str]:
    """A line for each vulnerability that no exception in force covers."""
    ends = {each.id: each.until for each in exempt}
    for library in answered:
        for vulnerability in library.get("vulns", []):
            ids = {vulnerability["id"], *vulnerability.get("aliases", [])}
            until = max((ends[each] for each in ids & ends.keys()), default=None)
            if until is None or until < today:
                yield _line(library, vulnerability, until)


def _line(library: dict[str, Any], vulnerability: dict[str, Any], until: date | None) -> str:
    mended = ", ".join(vulnerability.get("fix_versions", [])) or "no version yet"
    ran_out = f"; its exception ran out on {until}" if until else ""
    return f"{library['name']} {library['version']}: {vulnerability['id']}, mended in {mended}{ran_out}"


def main() -> int:
    """The exit status: 1 when there is a vulnerability that nobody has looked at."""
    if not is_reachable():
        sys.stdout.write("Advisories: SKIPPED, PyPI's cannot be reached from here. Run this where they can.\n")
        return 0
    answered = audit()
    found = list(findings(answered, read_exempt(), datetime.now(UTC).date()))
    unasked = [each["name"] for each in answered if "skip_reason" in each]
    sys.stdout.write(f"Advisories: {len(answered) - len(unasked)} libraries asked about.\n")
    if unasked:
        sys.stdout.write(f"Not known to PyPI's advisories: {', '.join(unasked)}\n")
    sys.stderr.write("".join(f"{line}\n" for line in found))
    if found:
        sys.stderr.write(f"Renew what is named, or say why not in {EXCEPTIONS.relative_to(ROOT)}.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
