"""docs/access.md, who may call what, written from the protos: `python -m shared.identity.table docs/access.md`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import inborough
from shared.identity import ROLES
from shared.identity.access import Access, access_of

INTRODUCTION = """# Who may call what

Written by `make access` from the option `inborough.common.v1.allows` beside each RPC in `protos/`; the suite checks
that it is fresh, and calls every RPC of every service with every role and with none, expecting exactly this.

An RPC whose option is missing answers nobody. Whoever proves no identity is refused with UNAUTHENTICATED, whoever has
none of the roles with PERMISSION_DENIED. Health and reflection are open to all: they tell nothing of anybody.

- A **panel member**, **panel chair** and **caseworker** see cases by their ids.
- A **planner** never sees a person: ids of cases are left out of answers, or pseudonyms take their place.
- An **administrator** brings files in and mends what was interrupted, and sees no case.
- An **auditor** reads records and changes nothing.
- **service** is one of our own processes; a person never has that role. It acts for the person who called it, and
  records name both.

"""


def services() -> Iterator[tuple[str, Access]]:
    """Every service of our protos by its wire name, ordered, with what each role may call."""
    names = set()
    for found in pkgutil.walk_packages(inborough.__path__, "inborough."):
        if found.name.endswith("_pb2"):
            descriptor = importlib.import_module(found.name).DESCRIPTOR
            names |= {service.full_name for service in descriptor.services_by_name.values()}
    for name in sorted(names):
        yield name, access_of(name)


def access_table() -> str:
    """The whole document."""
    return INTRODUCTION + "\n".join(_of_service(name, access) for name, access in services())


def _of_service(name: str, access: Access) -> str:
    heads = [role.replace("_", " ") for role in ROLES]
    lines = [f"## {name}", "", f"| RPC | {' | '.join(heads)} |", "|---" * (len(ROLES) + 1) + "|"]
    for method, allowed in access.items():
        cells = ["yes" if role in allowed else "" for role in ROLES]
        lines.append(f"| {method} | {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(access_table(), encoding="utf-8")
