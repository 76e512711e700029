"""Where the demonstration's facts are: `deploy/demo/` of this repository."""

from pathlib import Path

FACTS = Path(__file__).resolve().parents[3] / "deploy" / "demo"
