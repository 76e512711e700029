"""What the service does, one file a family of calls: the only place where what it keeps changes."""

from services.cost.operations.cards import (
    ImportedCard,
    Priced,
    get_rate_card,
    import_rate_card,
    list_rate_cards,
    quote_options,
)
from services.cost.operations.travel import import_travel_matrix

__all__ = [
    "ImportedCard",
    "Priced",
    "get_rate_card",
    "import_rate_card",
    "import_travel_matrix",
    "list_rate_cards",
    "quote_options",
]
