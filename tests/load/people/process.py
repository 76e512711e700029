"""`python -m tests.load.people.process SCRIPT RESULT`: plays the people, in a process of its own because of gevent.

The script says who they are and where the pages are; a line of JSON goes to standard output now and then.
"""

from __future__ import annotations

from locust import FastHttpUser, constant, task  # first of all: it patches what the rest imports
from locust.env import Environment
from locust.exception import StopUser

# isort: split

import json
import logging
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from tests.builders.issuer import WHO
from tests.load.people.outcomes import FAILED, STOOD_IN_THE_WAY, Asked, Played, outcome, why
from tests.load.people.panel import PanelUser
from tests.load.people.person import Answer, CameBack, NoWayOn, Person, Sent
from tests.load.people.planner import Planner
from tests.load.people.routes import Routes
from tests.load.people.seats import PLANNER

LAST_ANSWERS_SECONDS = 60.0
TELL_EVERY_SECONDS = 1.0
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Script:
    """Who comes, how fast, for how long. `thinks`: least and most seconds before a click, by panel and planner."""

    web: str
    seats: list[Mapping[str, str]]
    seconds: float
    arrive_seconds: float
    thinks: Mapping[str, tuple[float, float]]
    seed: int
    routes: list[str]


class Stage:
    """What all who are played share."""

    def __init__(self, script: Script) -> None:
        self.script, self.routes, self.played = script, Routes(script.routes), Played()
        self.waiting = list(script.seats)
        self.began = time.monotonic()

    @property
    def at_seconds(self) -> float:
        """Seconds since the first came."""
        return time.monotonic() - self.began

    def pause(self, seconds: float) -> None:
        """Wait; whoever waits beyond the end goes home."""
        left = self.script.seconds - self.at_seconds
        time.sleep(max(0.0, min(seconds, left)))
        if self.at_seconds >= self.script.seconds:
            raise StopUser


class Somebody(FastHttpUser):
    """One person: signs in, then works round after round until the time is over."""

    stage: ClassVar[Stage]
    wait_time = constant(0)
    network_timeout = connection_timeout = 120.0

    def on_start(self) -> None:
        """Come, sign in with the council's issuer, load what a browser keeps."""
        stage, seat = self.stage, self.stage.waiting.pop(0)
        self.client.client.default_headers[WHO] = seat["who"]
        kind = "planner" if seat["role"] == PLANNER else "panel"
        chance = random.Random(f"{stage.script.seed} {seat['who']}")
        self._person = Person(self._send, stage.pause, chance, stage.script.thinks[kind])
        self._work = Planner(self._person) if kind == "planner" else PanelUser(self._person, seat["role"])
        try:
            self._come_in()
        except NoWayOn as found:
            stage.played.broken[f"signing in: {found}"] += 1
            raise StopUser from None

    def _come_in(self) -> None:
        self._person.open("/sign-in")
        for source in set(self._person.answer.page.sources):
            if source.startswith("/static/"):
                self._send("GET", source)
        self._person.follow("Sign in with your council account")

    def on_stop(self) -> None:
        """Hand in what was done."""
        played, person = self.stage.played, self._person
        played.deeds += [(each.what, each.decision_id) for each in person.deeds]
        played.counts.update(person.counts)

    @task
    def round(self) -> None:
        """One round of their work."""
        try:
            self._work.round()
        except CameBack:
            return
        except NoWayOn as found:
            self.stage.played.no_way_on[str(found)] += 1

    def _send(self, method: str, path: str, sent: Sent | None = None) -> Answer:
        at, body, headers = path.partition("#")[0], None, {}
        if sent is not None and method == "GET":
            at = f"{at.partition('?')[0]}?{urlencode(sent, doseq=True)}"
        elif sent is not None:
            body, headers = urlencode(sent, doseq=True), FORM
        began = time.perf_counter()
        with self.client.request(method, at, data=body, headers=headers, catch_response=True) as response:
            content = response.content or b""
            milliseconds = (time.perf_counter() - began) * 1000
            response.success()
        end = urlsplit(response.url or at)
        answer = Answer(
            response.status_code, f"{end.path}?{end.query}".rstrip("?"), content.decode("utf-8", errors="replace")
        )
        self._note(method, path, answer, milliseconds)
        return answer

    def _note(self, method: str, path: str, answer: Answer, milliseconds: float) -> None:
        stage = self.stage
        page, ended = f"{method} {stage.routes.name(path)}", outcome(answer, path)
        stage.played.asked.append(Asked(page, ended, milliseconds, stage.at_seconds, answer.status))
        if ended == STOOD_IN_THE_WAY:
            stage.played.not_done[f"{page}: {why(answer)}"] += 1
        elif ended == FAILED:
            stage.played.broken[f"{page}: {answer.status}, {why(answer)}"] += 1


def play(script: Script) -> Played:
    """Have everybody come, work until the time is over, and end what they are at."""
    Somebody.stage, Somebody.host, Somebody.fixed_count = Stage(script), script.web, len(script.seats)
    runner = Environment(user_classes=[Somebody], catch_exceptions=True).create_local_runner()
    runner.start(len(script.seats), spawn_rate=len(script.seats) / max(script.arrive_seconds, 0.1))
    stage = Somebody.stage
    while stage.at_seconds < script.seconds or (
        runner.user_count and stage.at_seconds < script.seconds + LAST_ANSWERS_SECONDS
    ):
        time.sleep(TELL_EVERY_SECONDS)
        _tell(people=runner.user_count, requests=len(stage.played.asked), failed=sum(stage.played.broken.values()))
    runner.quit()
    for error in runner.exceptions.values():
        stage.played.broken[f"the player itself: {error['msg']}"] += error["count"]
    return stage.played


def _tell(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def main(script: str, result: str) -> int:
    """Play what the script says, and write the result."""
    logging.getLogger("locust").setLevel(logging.CRITICAL)  # whoever goes home in the middle of something is no news
    told = json.loads(Path(script).read_text(encoding="utf-8"))
    played = play(Script(**told))
    Path(result).write_text(json.dumps(played.to_json()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
