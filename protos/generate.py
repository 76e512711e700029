"""Generate shared/gen/inborough from the protos. Run by `make protos`; `make check` proves the result is fresh.

With --check nothing is written: the exit status says whether the committed code is what the protos give.
"""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTOS = ROOT / "protos"
GENERATED = ROOT / "shared" / "gen" / "inborough"


def generate(target: Path) -> None:
    """Write the generated package `inborough` below `target`."""
    files = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    outputs = [f"--{kind}_out={target}" for kind in ("python", "mypy", "grpc_python", "mypy_grpc")]
    # A subprocess: importing protoc and ortools in one process aborts Python.
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTOS}", *outputs, *files], cwd=PROTOS, check=True)
    for folder in [target / "inborough", *(p for p in (target / "inborough").rglob("*") if p.is_dir())]:
        (folder / "__init__.py").touch()


def listing(folder: Path) -> list[str]:
    """Relative paths of the generated files below `folder`, ordered."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*.py*") if "__pycache__" not in p.parts)


def differences(fresh: Path) -> list[str]:
    """Files that are missing, extra or different in the committed package."""
    ours, theirs = listing(GENERATED), listing(fresh)
    changed = [
        name for name in theirs if name in ours and not filecmp.cmp(fresh / name, GENERATED / name, shallow=False)
    ]
    return sorted(set(ours) ^ set(theirs)) + changed


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        fresh = Path(folder) / "inborough"
        if "--check" in sys.argv[1:]:
            stale = differences(fresh)
            if stale:
                print("Generated code is not fresh; run `make protos`:\n  " + "\n  ".join(stale))
            return 1 if stale else 0
        if GENERATED.exists():
            shutil.rmtree(GENERATED)
        shutil.copytree(fresh, GENERATED)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
