"""The demonstration authority: invented people, published numbers, real file formats."""

from services.cli.demo.read_published import PublishedTablesMissingError
from services.cli.demo.summary import DemonstrationSummary
from services.cli.demo.write import write_demonstration

__all__ = ["DemonstrationSummary", "PublishedTablesMissingError", "write_demonstration"]
