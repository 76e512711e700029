"""One demonstration of the reference authority, written once for all tests."""

from pathlib import Path

import pytest

from services.cli.demo import DemonstrationSummary, write_demonstration
from tests.unit.cli.demo.written import Written


@pytest.fixture(scope="session")
def summary(tmp_path_factory: pytest.TempPathFactory) -> DemonstrationSummary:
    """What was written of Halton with the default seed."""
    return write_demonstration(tmp_path_factory.mktemp("demonstration"))


@pytest.fixture(scope="session")
def written(summary: DemonstrationSummary) -> Written:
    """The files of that demonstration."""
    return Written(Path(summary.folder))
