"""`make load`: 50 panel users and 10 planners at the whole production profile, measured, checked, written down.

It needs PostgreSQL and RabbitMQ (INBOROUGH_TEST_POSTGRESQL, INBOROUGH_TEST_RABBITMQ), psql and rabbitmqctl. The exit
status is 1 when anything failed, was lost, oversold or restarted.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.cli import terminal
from services.cli.failures import CannotGoOn
from services.cli.system.signals import end_like_ctrl_c
from tests.builders.production import NoServer
from tests.load.document import DOCUMENT, write_down
from tests.load.figures import as_json
from tests.load.run import DidNotRun, Measured, Wanted, run

OK, FOUND_WRONG, DID_NOT_RUN, STOPPED = 0, 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run it and write docs/load.md, or with --json tell the figures alone; the exit status."""
    asked = _parser().parse_args(arguments)
    wanted = Wanted(
        panel_users=asked.panel_users,
        planners=asked.planners,
        minutes=asked.minutes,
        thinks={"panel": tuple(asked.panel_thinks), "planner": tuple(asked.planners_think)},
        rest_seconds=asked.rest,
        workers=asked.workers,
        seed=asked.seed,
    )
    end_like_ctrl_c()
    try:
        with _folder(asked.keep) as folder:
            measured = run(wanted, folder, terminal.say)
    except KeyboardInterrupt:
        terminal.say("Stopped; databases, virtual host and files are removed. Nothing was written down.")
        return STOPPED
    except (CannotGoOn, DidNotRun, NoServer) as error:
        return terminal.complain(str(error), getattr(error, "advice", ""), DID_NOT_RUN)
    if asked.json:
        terminal.show_json(as_json(measured, os.cpu_count() or 1))
    else:
        write_down(wanted, measured, asked.out)
        terminal.say(f"Written into {asked.out}")
    return _say_what_is_wrong(measured)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where a run has its files: kept, or gone afterwards."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="inborough-load-") as folder:
            yield Path(folder)
        return
    keep.mkdir(parents=True)
    yield keep.resolve()


def _say_what_is_wrong(measured: Measured) -> int:
    wrong = [f"{fault.kind}: {fault.what}" for fault in measured.faults] + measured.restarts
    wrong += [f"{count} times {what}" for what, count in measured.played.broken.items()]
    if measured.plans_failed:
        wrong.append(f"{measured.plans_failed} plans failed; try `inborough --as planner plan`")
    for each in wrong:
        terminal.say(each)
    if wrong:
        terminal.say("With --keep FOLDER the next run leaves its logs in FOLDER/logs.")
    return FOUND_WRONG if wrong else OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--panel-users", type=int, default=50)
    parser.add_argument("--planners", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument(
        "--panel-thinks", type=float, nargs=2, default=[3, 10], metavar="SECONDS", help="before a click"
    )
    parser.add_argument("--planners-think", type=float, nargs=2, default=[5, 20], metavar="SECONDS")
    parser.add_argument("--rest", type=float, default=30.0, metavar="SECONDS", help="measured before anybody comes")
    parser.add_argument("--workers", type=int, default=2, help="events processes of placement")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="the document whose measured part is written anew")
    parser.add_argument("--keep", type=Path, help="new folder in which logs and files are left")
    parser.add_argument("--json", action="store_true", help="print the figures, write no document")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
