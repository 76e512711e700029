"""Missing, rogue, expired and wrong certificates, and wrong roles: each is refused, and both sides say why.

`python -m tests.faults.certificates` prints the table; the suite runs the same cases. The servers are a process of
their own, so that what the table shows of their log is what an operator would read there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inborough.common.v1.common_pb2 import Date
from shared import logs
from shared.errors import InboroughError
from shared.grpc_client import connect
from shared.identity.set_up import SetUpWrong
from tests.builders.certificates import Issuer
from tests.faults.certificate_cases import ANSWERED, CASES, Case, World
from tests.service.shared.echo import method

CALL_SECONDS = 10.0
LOG_SECONDS = 5.0
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What the caller was told, what the servers logged meanwhile, and whether both are as they should be."""

    case: Case
    told: str
    logged: str

    @property
    def sound(self) -> bool:
        return bool(re.search(self.case.told, self.told) and re.search(self.case.logged, self.logged))


@dataclass(frozen=True)
class Servers:
    """Running servers: their addresses by folder name, and the file that their output goes to."""

    world: World
    addresses: Mapping[str, str]
    log: Path

    def try_out(self, case: Case) -> Outcome:
        """Make the case's call and wait for its line in the log."""
        before = self.log.stat().st_size
        told = self._told(case)
        deadline = time.monotonic() + LOG_SECONDS
        while not re.search(case.logged, logged := self._logged(before)) and time.monotonic() < deadline:
            time.sleep(0.02)
        return Outcome(case, told, logged)

    def _told(self, case: Case) -> str:
        folder = self.world.ours.folder.parent / f"caller-{CASES.index(case)}"
        try:
            caller = case.caller(self.world, folder)
            with connect("caseload", self.addresses[case.server], caller) as channel:
                method(channel)(Date(year=2024), timeout=CALL_SECONDS)
        except (InboroughError, SetUpWrong) as error:
            return str(error)
        return ANSWERED

    def _logged(self, since: int) -> str:
        return self.log.read_bytes()[since:].decode("utf-8", "replace")


@contextmanager
def serving(folder: Path) -> Iterator[Servers]:
    """Servers with certificates of every kind, in one process, until the end of the `with`."""
    world = World(Issuer(folder / "servers"), Issuer(folder / "rogue"))
    world.write_servers()
    log = folder / "servers.log"
    command = [sys.executable, "-m", "tests.faults.certificate_servers", str(folder / "servers")]
    with (
        log.open("wb") as written,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=written, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield Servers(world, _addresses(log, process), log)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def _addresses(log: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    while process.poll() is None:
        first, newline, _ = log.read_text(encoding="utf-8").partition("\n")
        if newline:
            found: dict[str, str] = json.loads(first)
            return found
        time.sleep(0.02)
    raise RuntimeError(f"the servers ended: {log.read_text(encoding='utf-8')[-2000:]}")


def main(arguments: Sequence[str] = ()) -> int:
    """Print a row a case; the exit status says whether all were as they should be. There is nothing to choose."""
    logs.configure("certificates", "ERROR")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as servers:
        outcomes = [servers.try_out(case) for case in CASES]
    print("| certificate or role | as it should be | the caller is told | the server's log says |\n|---|---|---|---|")
    for outcome in outcomes:
        told = outcome.told.replace(folder, "…")
        print(f"| {outcome.case.name} | {'yes' if outcome.sound else 'NO'} | {told} | {_reason(outcome.logged)} |")
    return 0 if all(outcome.sound for outcome in outcomes) else 1


def _reason(logged: str) -> str:
    """The part of a log that says why."""
    if refused := re.search(r'"peer": "([^"]*)", "reason": "([^"]*)"', logged):
        return f"{refused[1]}: {refused[2]}"
    failed = re.search(r"OPENSSL_internal:(.*)", logged)
    return failed[1] if failed else "nothing: the call was not sent" if not logged else "the call"


if __name__ == "__main__":
    sys.exit(main())
