"""`make faults`: everything in this folder at full length, one table after another, for docs/reliability.md.

`python -m tests.faults broker poison` runs some. Each module beside this one that has `main(arguments) -> status` is
one; run it by itself to give it arguments. The exit status is 1 when any of them found a fault.
"""

from __future__ import annotations

import inspect
import pkgutil
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any


def main(names: Sequence[str]) -> int:
    """Run the modules named, or all; the worst exit status of any."""
    modules = find_modules()
    if unknown := sorted(set(names) - set(modules)):
        sys.stderr.write(f"There is no {', '.join(unknown)}; choose from {', '.join(modules)}\n")
        return 2
    return max(run(name, modules[name]) for name in names or modules)


def find_modules() -> dict[str, Any]:
    """The modules that can be run, by name."""
    beside = [each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)])]
    found = {name: import_module(f"tests.faults.{name}") for name in beside if not name.startswith(("test_", "__"))}
    return {name: module for name, module in found.items() if _takes_arguments(getattr(module, "main", None))}


def _takes_arguments(main: Any) -> bool:
    return callable(main) and list(inspect.signature(main).parameters) == ["arguments"]


def run(name: str, module: Any) -> int:
    """Run one module under a heading; its exit status."""
    print(f"\n## {name}\n\n{(module.__doc__ or '').splitlines()[0]}\n", flush=True)
    began = time.perf_counter()
    status: int = module.main([])
    sys.stderr.write(f"{name}: {'a fault' if status else 'no fault'} in {(time.perf_counter() - began) / 60:.1f} min\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
