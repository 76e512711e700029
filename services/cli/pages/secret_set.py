"""What `secrets` says when it is done."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from services.cli import terminal
from services.cli.system.secret_set import CLIENT_SECRET, DERIVED, GRAFANA, OURS, SECRETS, SERVERS, Secret


def show_written(folder: Path) -> None:
    """Name each file with what it is for, then say what must be done with them."""
    rows = [(each.name, each.meaning) for each in SECRETS]
    rows += [(CLIENT_SECRET, "the pages' secret at your issuer: EMPTY. Write the one that the issuer gave into it")]
    terminal.show(terminal.facts([*rows, *DERIVED.items()]))
    kept = " and ".join(str(folder / each.name) for each in SECRETS if not each.then)
    terminal.say(
        f"\nCopy {kept} to a safe place before real records come in: nothing brings them back.\n"
        "For containers, each file must be its reader's:"
    )
    for line in owners(folder):
        terminal.say(f"  {line}")


def owners(folder: Path) -> list[str]:
    """Commands that give each file to the user of the container that reads it."""
    readers = {each.name: each.reader for each in SECRETS} | {CLIENT_SECRET: OURS} | dict.fromkeys(DERIVED, SERVERS)
    ordered = sorted(readers, key=lambda name: (-readers[name], name))
    groups = {reader: list(found) for reader, found in groupby(ordered, readers.__getitem__)}
    ours = f"sudo chown {OURS} {folder}/inborough_*"
    others = [
        f"sudo chown {reader} {' '.join(f'{folder}/{name}' for name in groups[reader])}"
        for reader in (SERVERS, GRAFANA)
    ]
    return [ours, *others]


def show_rotated(changed: Secret) -> None:
    """Say what has to be done for the new value to hold."""
    terminal.show(f"{changed.name} has a new value. Now: {changed.then}")
