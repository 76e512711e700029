"""`journal`: who saw, ranked, decided and changed what, and the proof that nobody altered it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli import exits
from services.cli.commands.options import Json, OnlyCase, PageSize, PageToken

journal = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Who saw, ranked, decided and changed what, for whom, and when.

Every view and change of a child's record is an entry. Entries are chained by
hashes, so that one that is altered, missing or moved is found. Reading the
journal is itself an entry.

Example:
  inborough journal list --case case_5f0c9a7be21d4433""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(journal, name="journal")


@journal.command("list")
def list_entries(
    case: OnlyCase = "",
    actor: Annotated[str, typer.Option(metavar="USER", help="Only by, or on behalf of, this one.")] = "",
    source: Annotated[str, typer.Option(metavar="SERVICE", help="Only of this service, such as placement.")] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="Only of this name, such as decision_recorded.")] = "",
    request: Annotated[str, typer.Option(metavar="REQUEST_ID", help="Only what this one call set off.")] = "",
    newest: Annotated[bool, typer.Option("--newest", help="Newest first; a page token is of one order.")] = False,
    page_size: PageSize = 20,
    page_token: PageToken = "",
    json: Json = False,
) -> None:
    """Entries of the journal, oldest first unless asked otherwise.

    Example:
      inborough journal list --case case_5f0c9a7be21d4433 --newest
      inborough journal list --actor user_ann --name case_viewed --json

    Next: inborough journal verify
    """
    from inborough.journal.v1 import journal_pb2
    from services.cli import terminal
    from services.cli.calls import Services, ask
    from services.cli.pages.journal import entries_page
    from services.cli.pages.message_json import message_json

    asked = journal_pb2.ListEntriesRequest(
        case_id=case,
        actor=actor,
        source=source,
        name=name,
        request_id=request,
        newest_first=newest,
        page_size=page_size,
        page_token=page_token,
    )
    with Services() as services:
        page = ask(services.journal.ListEntries, asked, "Reading the journal")
    if json:
        terminal.show_json(message_json(page))
    else:
        terminal.show(*entries_page(page, bool(case or actor or source or name or request)))


@journal.command()
def verify(
    anchors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Anchors written before, to hold it against."),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write-anchors", metavar="FILE", help="Write where the chains end now, when they are whole."),
    ] = None,
    json: Json = False,
) -> None:
    """Prove that no entry was altered, removed, inserted or moved.

    Anchors kept in another place (a safe, another system) prove more: that
    nothing up to them was cut off or written anew since. Exit status 1 when
    something is wrong, with the first thing that is.

    Example:
      inborough journal verify --write-anchors anchors-2024-02-01.json
      inborough journal verify --anchors anchors-2024-02-01.json

    Next: inborough journal list
    """
    from inborough.journal.v1 import journal_pb2
    from services.cli import terminal
    from services.cli.anchors import read_anchors, write_anchors
    from services.cli.calls import VERIFY_SECONDS, Services, ask
    from services.cli.failures import CannotGoOn
    from services.cli.pages.journal import verified_page
    from services.cli.pages.message_json import message_json

    if write and write.exists():
        raise CannotGoOn(f"{write} is there already; old anchors prove the most.", "Choose another name.")
    held_against = read_anchors(anchors) if anchors else []
    request = journal_pb2.VerifyJournalRequest(anchors=held_against)
    with Services() as services:
        answer = ask(services.journal.VerifyJournal, request, "Verifying the journal", VERIFY_SECONDS)
    if write and answer.sound:
        write_anchors(write, answer.chains)
        terminal.say(f"Wrote {write}. Keep it in another place than the journal.")
    if json:
        terminal.show_json(message_json(answer))
    else:
        terminal.show(*verified_page(answer, len(held_against), write is not None))
    if not answer.sound:
        raise typer.Exit(exits.ANSWER_IS_NO)
