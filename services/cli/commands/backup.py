"""`backup`, `backup verify` and `restore`: the databases of all services, copied and put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import exits
from services.cli.commands.options import Json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from services.cli.backup.manifest import Manifest

Folder = Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="One backup's folder.")]
Identity = Annotated[
    Path | None,
    typer.Option(metavar="FILE", exists=True, dir_okay=False, help="The age identity that opens an encrypted one."),
]
backup = typer.Typer(
    rich_markup_mode="rich",
    help="""Back up every service's database while they run, or prove a backup whole.

Keys and secrets are not in a backup: keep them apart (docs/recovery.md).

Example:
  inborough backup --out /srv/backups
  inborough backup verify /srv/backups/backup-2026-11-26T02-00-00Z

Next: inborough backup verify DIR""",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(backup, name="backup")
    app.command()(restore)


@backup.callback(invoke_without_command=True)
def make(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", file_okay=False, help="Where backups are kept, each in its folder.")
    ] = None,
    keep: Annotated[int, typer.Option(min=1, max=3650, help="Remove backups older than so many days.")] = 35,
    encrypt_to: Annotated[str, typer.Option(metavar="AGE1…", help="Encrypt to this age public key.")] = "",
    metrics: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where Prometheus finds when it succeeded; inborough_backup.prom in DIR."),
    ] = None,
    json: Json = False,
) -> None:
    """Back up every service's database while they run, readers of logs first.

    What is copied is one moment of each database; put back, the services
    read on from there and nothing is lost or doubled. Needs pg_dump where
    databases are PostgreSQL's.

    Next: inborough backup verify DIR
    """
    if context.invoked_subcommand:
        return
    from services.cli import terminal
    from services.cli.backup.making import make_backup
    from services.cli.backup.rotating import METRICS, remove_old, write_metrics

    if out is None:
        raise typer.BadParameter("say where to keep it", param_hint="--out")
    with terminal.steps("Backing up") as step:
        folder, manifest = make_backup(out, encrypt_to, step)
    removed = remove_old(out, keep)
    write_metrics(metrics or out / METRICS, manifest)
    if json:
        terminal.show_json({**_facts(folder, manifest), "removed": removed})
        return
    terminal.show(_table(manifest))
    terminal.say(f"\n{folder}: {_size(manifest.bytes)} in {manifest.seconds:.1f} seconds.")
    if removed:
        terminal.say(f"Removed {len(removed)} older than {keep} days.")
    if not manifest.encrypted_to:
        terminal.say("It holds children's records in the clear: keep it where only administrators can read.")


@backup.command()
def verify(folder: Folder, identity: Identity = None, json: Json = False) -> None:
    """Prove that a backup is whole. Exit status 1 when it is not, with what is wrong.

    Example:
      inborough backup verify /srv/backups/backup-2026-11-26T02-00-00Z

    Next: inborough restore DIR
    """
    from services.cli import terminal
    from services.cli.backup.verifying import verify_backup

    with terminal.steps("Verifying") as step:
        manifest = verify_backup(folder, identity, step)
    if json:
        terminal.show_json(_facts(folder, manifest))
    else:
        terminal.show(_table(manifest), "\nThe backup is whole.")


def restore(
    folder: Folder,
    identity: Identity = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in place of databases that are not empty.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before replacing.")] = False,
    json: Json = False,
) -> None:
    """Put a backup back, once every service is stopped.

    The whole backup is checked first. Each database is put back all or
    nothing, and its tables are counted and compared afterwards.

    Example:
      inborough restore /srv/backups/backup-2026-11-26T02-00-00Z

    Next: inborough up, then inborough journal verify
    """
    from services.cli import terminal
    from services.cli.backup.restoring import restore_backup
    from services.cli.commands.confirming import confirm, need_somebody_to_ask

    _need_all_stopped()
    if replace:
        need_somebody_to_ask(yes, json)
        if not yes:
            confirm("What is in the databases now will be gone. Put the backup in its place?")
    with terminal.steps("Putting back") as step:
        manifest = restore_backup(folder, identity, replace, step)
    if json:
        terminal.show_json(_facts(folder, manifest))
    else:
        terminal.show(_table(manifest), "\nEvery table is as it was backed up. Start the services.")


def _need_all_stopped() -> None:
    from services.cli.failures import CannotGoOn
    from services.cli.system.health import check_services

    if running := [each.service for each in check_services(0.5) if each.serving]:
        raise CannotGoOn(
            f"Still running: {', '.join(running)}. Nothing was changed.",
            "Stop every process first, the pages and the events process too.",
            exits.ANSWER_IS_NO,
        )


def _facts(folder: Path, manifest: Manifest) -> dict[str, object]:
    return {"folder": str(folder), "bytes": manifest.bytes, **manifest.model_dump()}


def _table(manifest: Manifest) -> RenderableType:
    from services.cli import terminal

    rows = [
        (each.service, each.kind, each.migration, f"{len(each.tables)}", f"{each.rows:,}", _size(each.bytes))
        for each in manifest.databases
    ]
    columns = ("Service", "Database", "Migration", "Tables", "Rows", "Size")
    return terminal.table(columns, rows, right=("Tables", "Rows", "Size"))


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"
