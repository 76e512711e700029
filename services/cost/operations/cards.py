"""One function an RPC of cards and quotes: the only place where rate cards change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine

from services.cost.domain.pricing import Pricing
from services.cost.domain.rates import CardHeading, RateCard, build_card
from services.cost.imports import ReadCard, read_card
from services.cost.quotes.columns import QuoteColumns
from services.cost.quotes.quote import Assumptions, Quote, quote_pairs
from services.cost.shelf import Shelf
from services.cost.storage import repository
from shared.database import reading, writing
from shared.errors import NotFound
from shared.imports.record import record_import
from shared.imports.report import ImportOptions, ImportReport, SourceFile, import_id, log_import, may_write


@dataclass(frozen=True)
class ImportedCard:
    """What an import did; `rate_card_id` is the version written or already there, "" when nothing may be written."""

    report: ImportReport
    rate_card_id: str = ""


@dataclass(frozen=True)
class Priced:
    """A quote, with the card used and the revision at which it was in force."""

    quote: Quote
    pricing: Pricing
    revision: str


def import_rate_card(engine: Engine, file: SourceFile, options: ImportOptions) -> ImportedCard:
    """Read a rate card as a new version; the same content as the newest version of its name changes nothing."""
    read = read_card(file)
    report = ImportReport(
        import_id([file]), options.preview, rows_read=read.rows_read, problems=read.problems, warnings=read.warnings
    )
    accepted = bool(read.rates) and may_write(read.problems, options)
    if options.preview:
        with reading(engine) as connection:
            newest = repository.find_newest(connection, read.name) if accepted else None
            return ImportedCard(_counted(report, read, newest) if accepted else report)
    with writing(engine) as connection:
        imported = _import(connection, read, report) if accepted else ImportedCard(report)
        record_import(connection, "rate_card_imported", imported.report, rate_card_id=imported.rate_card_id)
    log_import("rate_card_imported", imported.report)
    return imported


def _import(connection: Connection, read: ReadCard, report: ImportReport) -> ImportedCard:
    repository.lock_for_import(connection)
    newest = repository.find_newest(connection, read.name)
    return ImportedCard(_counted(report, read, newest), _add_if_changed(connection, read, newest))


def _counted(report: ImportReport, read: ReadCard, newest: RateCard | None) -> ImportReport:
    """Rates counted against the newest version of the card."""
    before = {rate.key: rate for rate in newest.rates} if newest else {}
    created = sum(rate.key not in before for rate in read.rates)
    unchanged = sum(before.get(rate.key) == rate for rate in read.rates)
    updated = len(read.rates) - created - unchanged
    return replace(report, accepted=True, created=created, updated=updated, unchanged=unchanged)


def _add_if_changed(connection: Connection, read: ReadCard, newest: RateCard | None) -> str:
    version = newest.heading.version + 1 if newest else 1
    card = build_card(read.name, version, read.first_day, read.rates)
    if newest and newest.heading.content_hash == card.heading.content_hash:
        return newest.heading.rate_card_id
    repository.add_card(connection, card)
    return card.heading.rate_card_id


def get_rate_card(engine: Engine, rate_card_id: str) -> RateCard:
    """One rate card. Raises NotFound."""
    with reading(engine) as connection:
        card = repository.find_card(connection, rate_card_id)
    if card is None:
        raise NotFound("rate card", rate_card_id[:64], "ListRateCards names those that there are.")
    return card


def list_rate_cards(engine: Engine) -> Sequence[CardHeading]:
    """All rate cards without their rates, by first day, then version."""
    with reading(engine) as connection:
        return repository.list_headings(connection)


def quote_options(
    engine: Engine,
    shelf: Shelf,
    assumptions: Assumptions,
    first_day: date,
    columns: QuoteColumns,
    *,
    include_lines: bool,
) -> Priced:
    """Price every pair by the card in force on the first day. Raises WrongState when none is, or it lacks a kind."""
    card = shelf.get_card(engine, first_day)
    quote = quote_pairs(card.pricing, card.fares, assumptions, columns, card.ready, include_lines=include_lines)
    return Priced(quote, card.pricing, card.revision)
