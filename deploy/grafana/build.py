"""The dashboards as code: `python -m deploy.grafana.build` writes deploy/grafana/dashboards/*.json.

Three, for three kinds of reader: whoever runs the system, the panel's office, and planners. A test holds that the files
are those that this makes, and that every query asks for something that a process shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana import health, panel, sufficiency

FOLDER = Path(__file__).parent / "dashboards"


def build_files() -> Mapping[str, str]:
    """What each file holds, by its name."""
    boards = {"health": health.BOARD, "panel": panel.BOARD, "sufficiency": sufficiency.BOARD}
    encoder = JSONEncoder(sort_keys=True, indent=2)
    return {f"{name}.json": encoder.encode(board) + "\n" for name, board in boards.items()}


def main() -> None:
    """Write every file."""
    for name, content in build_files().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
