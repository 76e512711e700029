"""No secret is committed: `python -m tests.validation.committed_secrets`; with `--accept`, take what is found as none.

What detect-secrets finds and a person has looked at is in .secrets.baseline, as hashes. Nothing found is sent anywhere
to try whether it works, as the tool's own command would.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

from detect_secrets.core import baseline
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.settings import transient_settings

from tests.architecture.source import ROOT

BASELINE = ROOT / ".secrets.baseline"
GENERATED = ("shared/gen/", "uv.lock", "services/web/frontend/package-lock.json", ".secrets.baseline")
"""What tools write, and is full of hashes."""
NO_TEXT = {".csv", ".webp", ".png", ".binpb", ".gz", ".svg"}
FILTERS = (
    "is_sequential_string",
    "is_potential_uuid",
    "is_likely_id_string",
    "is_templated_secret",
    "is_not_alphanumeric_string",
)
BY_NAME = "KeywordDetector"
"""Takes what is called a password for one, such as YAML's `secretName`. Ruff's S105 to S107 do that for our code."""
_KINDS: dict[str, type] = get_mapping_from_secret_type_to_class()
PLUGINS = sorted({each.__name__ for each in _KINDS.values()} - {BY_NAME})
SETTINGS = {
    "plugins_used": [{"name": name} for name in PLUGINS],
    "filters_used": [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in FILTERS],
}


def committed_files() -> list[str]:
    """Files under version control that people write."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split(
        "\n"
    )
    written = (name for name in listed if name and not name.startswith(GENERATED))
    return [name for name in written if Path(name).suffix not in NO_TEXT and (ROOT / name).is_file()]


def find_secrets(names: list[str], folder: Path = ROOT) -> SecretsCollection:
    """What looks like a secret in these files, which are under `folder`. Tests may have addresses with a password."""
    with transient_settings(SETTINGS), chdir(folder):  # findings are known by the name that a file was opened by
        found = SecretsCollection()
        found.scan_files(*names, num_processors=os.cpu_count() or 1)
    for name in found.files:
        if name.startswith("tests/"):
            found[name] = {secret for secret in found[name] if secret.type != BasicAuthDetector.secret_type}
    return found


def unknown(found: SecretsCollection, known: dict[str, Any]) -> Iterator[str]:
    """What was found and is not in the baseline: file, line and kind, and never the secret."""
    accepted = SecretsCollection.load_from_baseline(known)
    for name, secret in found - accepted:
        yield f"{name}:{secret.line_number}: {secret.type}"


def accept(found: SecretsCollection) -> None:
    """Write the baseline anew: for a person who looked at each."""
    with transient_settings(SETTINGS):
        text = json.dumps(baseline.format_for_output(found), indent=2) + "\n"
    BASELINE.write_text(text, encoding="utf-8")


def main() -> int:
    """The exit status: 1 when anything was found that nobody has looked at."""
    found = find_secrets(committed_files())
    if "--accept" in sys.argv[1:]:
        accept(found)
        return 0
    new = list(unknown(found, json.loads(BASELINE.read_text(encoding="utf-8"))))
    for line in new:
        sys.stderr.write(f"{line}\n")
    if new:
        sys.stderr.write(
            "Looks like a secret. If it is one, take it back where it was issued: the history keeps it. If it is none, "
            "`python -m tests.validation.committed_secrets --accept`.\n"
        )
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
