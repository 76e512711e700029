"""Templates: the Design System's macros, our own pages, and what every one of them may use."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from services import words
from services.planning.siting.sets import difference
from services.web.words import dates, planning, ranking
from services.words import appeals, cases, consultations, deadlines, decisions, options, runs, scenarios, what_if
from shared.imports.bounds import Bounds
from shared.pence import pounds

STATIC = Path(__file__).resolve().parent / "static"
BUILT = STATIC / "built"
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)


@cache
def environment() -> Environment:
    """The template engine, the same for all; every value is escaped unless a template says otherwise."""
    design_system = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(
        loader=ChoiceLoader([PackageLoader("services.web"), design_system]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "words": words,
        "appeal_words": appeals,
        "case_words": cases,
        "consultation_words": consultations,
        "deadline_words": deadlines,
        "decision_words": decisions,
        "option_words": options,
        "planning": planning,
        "difference_of_sets": difference,
        "run_words": runs,
        "scenario_words": scenarios,
        "ranking": ranking,
        "dates": dates,
        "what_if_words": what_if,
        "pounds": pounds,
        "asset": asset,
        "import_mib": Bounds().mib,
    }
    return made


@cache
def asset(name: str) -> str:
    """The address of a file that set-up made, which changes with its content so that browsers may keep it."""
    return f"/static/{name}?v={hashlib.sha256((BUILT / name).read_bytes()).hexdigest()[:12]}"


def inline_script_hash() -> str:
    """What a content security policy calls the one script that the Design System's template has in its page."""
    loader = PackageLoader("govuk_frontend_jinja")
    source, _, _ = loader.get_source(Environment(autoescape=True), "template.html")
    (script,) = _SCRIPT.findall(source)
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
