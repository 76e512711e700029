"""Who is signed in to the pages, and how an administrator ends it: `python -m services.web.sessions`.

Runs with the pages' own settings, beside their database: whoever may run it there may do all that the pages may.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from services.web.settings import Settings
from services.web.storage.opening import store_of
from services.web.storage.repository import UnderWay
from shared import logs
from shared.database import open_database


def main(arguments: Sequence[str] | None = None) -> None:
    """List sessions, or end those of a person or of everybody."""
    asked = _parser().parse_args(arguments)
    settings = Settings()
    logs.configure("web", settings.log_level)
    engine = open_database(settings.database("web"))
    try:
        store = store_of(settings, engine)
        if asked.what == "list":
            _show(store.list_sessions(), asked.json)
            return
        ended = store.end_sessions(asked.user_id if asked.what == "end" else "")
        with redirect_stdout(sys.stderr):  # standard output is for facts alone
            logs.log("sessions_ended", "warning", rows=ended)
        print(json.dumps({"ended": ended}) if asked.json else f"{ended} ended. Whoever it was signs in again.")
    finally:
        engine.dispose()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.web.sessions", description=main.__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print facts as JSON")
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("list", parents=[common], help="sessions that are not over: who, with which roles, since when")
    end = what.add_parser("end", parents=[common], help="end every session of one person, wherever they signed in")
    end.add_argument("user_id", type=_user_id, help="as records name them, such as user_9f86d081884c7d65")
    what.add_parser("end-all", parents=[common], help="end everybody's sessions")
    return parser


def _user_id(given: str) -> str:
    if not given.startswith("user_"):
        raise argparse.ArgumentTypeError("a user id begins with user_; `list` shows those that are signed in")
    return given


def _show(found: Sequence[UnderWay], as_json: bool) -> None:
    rows = [
        {
            "user_id": each.user_id,
            "roles": list(each.roles),
            "began": each.began.isoformat(),
            "seen": each.seen.isoformat(),
        }
        for each in found
    ]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(f"{row['user_id']}  {' '.join(row['roles'])}  since {row['began']}, last seen {row['seen']}")
    print(f"{len(rows)} under way.")


if __name__ == "__main__":
    main()
