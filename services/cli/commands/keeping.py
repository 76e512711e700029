"""`erase` and `retention`: one case out of every service, and what is past its term."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import exits
from services.cli.commands.options import Json, read_day

if TYPE_CHECKING:
    from rich.console import RenderableType

    from services.cli.keeping import Erasure, Kept

BACKUPS = "Backups made before still hold it until they are removed; after a restore, erase it again."


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(erase)
    app.command()(retention)


def erase(
    case_id: Annotated[str, typer.Argument(metavar="CASE_ID")],
    reason: Annotated[
        str,
        typer.Option(
            metavar="CODE", help="Why, as a code: imported_by_mistake, court_order, objection_upheld. No free text."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    json: Json = False,
) -> None:
    """Erase one case from every service, for good.

    Its record, placements, recommendations, decisions, consultations, replies,
    offers and the plans it is in go. The journal keeps who did what and when,
    under the id that then leads to nobody. A service that is down is named;
    the same command then goes on where it stopped.

    Example:
      inborough erase case_5f0c9a7be21d4433 --reason court_order

    Next: inborough journal list --case CASE_ID
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.commands.confirming import confirm, need_somebody_to_ask
    from services.cli.keeping import erase_everywhere

    need_somebody_to_ask(yes, json)
    if not yes:
        terminal.say(f"{case_id} will be gone from every service, and nobody can bring it back.\n{BACKUPS}")
        confirm("Erase it?")
    with Services() as services, terminal.steps("Erasing") as step:
        found = erase_everywhere(services, case_id, reason, step)
    if json:
        terminal.show_json(_erasure_json(case_id, found))
    else:
        terminal.show(*_erasure_page(case_id, found))
    if found.failed:
        raise typer.Exit(exits.SERVICE_DOWN)


def _erasure_page(case_id: str, found: Erasure) -> list[RenderableType]:
    from services.cli import terminal

    rows = [(service, each.what, f"{each.rows:,}") for service, all_ in found.removed.items() for each in all_]
    page: list[RenderableType] = []
    if rows:
        page.append(terminal.table(("Service", "Removed", "Rows"), rows, right=("Rows",)))
    if found.failed:
        page += [f"{service} did not do it: {error.message}" for service, error in found.failed.items()]
        page.append("Run the same command again: each service removes what is left.")
        return page
    page.append(f"\n{case_id} is erased." if rows else f"No service held anything of {case_id}.")
    page.append(f"Drafts of forms about it go within the hour. {BACKUPS}")
    return page


def _erasure_json(case_id: str, found: Erasure) -> dict[str, object]:
    removed = {service: {each.what: each.rows for each in all_} for service, all_ in found.removed.items()}
    return {"case_id": case_id, "removed": removed, "not_done": sorted(found.failed), "rows": found.rows}


def retention(
    apply: Annotated[bool, typer.Option("--apply", help="Remove it. Without this nothing is changed.")] = False,
    as_of: Annotated[
        str, typer.Option(metavar="DAY", help="Count as of a later day, to see what is to come. Not with --apply.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    json: Json = False,
) -> None:
    """What is kept beyond its term, in every service; with --apply, remove it.

    Terms and their grounds: docs/privacy/retention.md. Hold everything while
    an inquiry, a complaint, a tribunal or a claim may need it.

    Example:
      inborough retention
      inborough retention --as-of 2032-01-01
      inborough retention --apply

    Next: inborough journal verify
    """
    from services.cli import terminal
    from services.cli.calls import Services
    from services.cli.commands.confirming import confirm, need_somebody_to_ask
    from services.cli.keeping import find_past_term, remove_past_term
    from shared.days import to_wire

    if apply and as_of:
        raise typer.BadParameter(
            "what is past its term today is removed, never what is on another day", param_hint="--as-of"
        )
    if apply:
        need_somebody_to_ask(yes, json)
    with Services() as services:
        kept = find_past_term(services, to_wire(read_day(as_of, "--as-of")) if as_of else None)
        if not json:
            terminal.show(*_kept_page(kept))
        if not apply:
            if json:
                terminal.show_json(_kept_json(kept))
            return
        if not yes:
            confirm("Remove all of it?")
        gone: Counter[tuple[str, str]] = Counter()
        with terminal.steps("Removing") as step:
            for service, what, rows in remove_past_term(services, kept, step):
                gone[service, what] += rows
    if json:
        terminal.show_json({**_kept_json(kept), "removed": [[*key, rows] for key, rows in sorted(gone.items())]})
    else:
        removed = [(service, what, f"{count:,}") for (service, what), count in gone.items()]
        columns = ("Service", "Removed", "Rows")
        terminal.show(terminal.table(columns, removed, right=("Rows",)) if removed else "Nothing was removed.")


def _kept_page(kept: Kept) -> list[RenderableType]:
    from services.cli import terminal
    from services.words import counted

    rows = [
        (service, term.what, term.kept_for, f"{term.rows:,}", term.stays_because and f"stays: {term.stays_because}")
        for service, terms in kept.terms.items()
        for term in terms
    ]
    page: list[RenderableType] = [
        terminal.table(("Service", "What", "Kept for", "Past it", ""), rows, right=("Past it",)),
        f"\nCases past 31 years after the end of the school year of birth: {len(kept.case_ids):,}"
        + (" or more" if len(kept.case_ids) >= 500 else ""),
    ]
    if kept.begun:
        page.append(f"Erasures begun and not finished in every service: {counted(len(kept.begun), 'case')}")
    return page


def _kept_json(kept: Kept) -> dict[str, object]:
    from services.cli.pages.message_json import message_json

    terms = [{"service": service, **message_json(term)} for service, all_ in kept.terms.items() for term in all_]
    return {"terms": terms, "case_ids": list(kept.case_ids), "begun": dict(kept.begun)}
