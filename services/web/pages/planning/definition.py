"""From the builder's fields to the definition that they say, and which field a rule's path means.

A row of levers in which nothing is filled in is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.web.forms import Answers
from services.web.pages.planning.levers import BASICS, GROUPS, LEVERS, MONEY, Field, Lever, name_of, percent, rows_of


@dataclass(frozen=True)
class Built:
    """A definition, and the row of the form of each lever of it, by sort."""

    definition: dict[str, Any]
    rows: Mapping[str, list[int]]

    def field_of(self, path: str) -> str:
        """The field that a path such as "levers.open[1].places" means; "" where the form has none."""
        if match := re.fullmatch(r"levers\.(\w+)\[(\d+)\]\.?(\w*)(\[\d+\])?", path):
            rows = self.rows.get(match[1], [])
            row = rows[int(match[2])] if int(match[2]) < len(rows) else 0
            lever = next((each for each in LEVERS if each.key == match[1]), None)
            if lever is None:
                return ""
            known = [field.key for field in lever.fields]
            key = match[3] if match[3] in known else known[0]
            return f"{name_of(lever, row, key)}{'-day' if key in ('opens', 'closes') else ''}"
        if match := re.fullmatch(r"levers\.(\w+)\.(\w+)", path):
            return f"{match[1]}-{match[2]}" if match[1] in GROUPS else ""
        if match := re.fullmatch(r"levers\.(\w+)", path):
            first = next(iter(GROUPS.get(match[1], ())), None)
            return f"{match[1]}-{first.key}" if first else ""
        if match := re.fullmatch(r"money\.(\w+)", path):
            return f"money-{match[1]}"
        return path if path in {field.key for field in BASICS} else ""


def build(form: Answers, first_year: int) -> Built:
    """The definition that the form says. What a field cannot hold is said on the form."""
    definition: dict[str, Any] = {"name": form.text("name"), "first_year": first_year}
    definition |= _read(form, BASICS[1:], "")
    if policy := form.text("policy"):
        definition["policy"] = policy
    levers: dict[str, Any] = {}
    rows: dict[str, list[int]] = {}
    for lever in LEVERS:
        rows[lever.key] = [row for row in range(rows_of(form, lever)) if _is_filled(form, lever, row)]
        if rows[lever.key]:
            levers[lever.key] = [_read_row(form, lever, row) for row in rows[lever.key]]
    for key, fields in GROUPS.items():
        if found := _read(form, fields, f"{key}-"):
            levers[key] = found
    if form.text("growth"):
        levers["growth"] = percent(form, "growth")
    if areas := _areas(form):
        definition["areas"] = areas
    if levers:
        definition["levers"] = levers
    if money := _read(form, MONEY, "money-"):
        definition["money"] = money
    return Built(definition, rows)


def _read(form: Answers, fields: tuple[Field, ...], prefix: str) -> dict[str, Any]:
    return {
        field.key: field.read(form, f"{prefix}{field.key}") for field in fields if form.text(f"{prefix}{field.key}")
    }


def _is_filled(form: Answers, lever: Lever, row: int) -> bool:
    return any(form.text(name_of(lever, row, key)) for key in lever.needed)


def _read_row(form: Answers, lever: Lever, row: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in lever.fields:
        name = name_of(lever, row, field.key)
        if field.key in ("opens", "closes"):
            day = form.day(name, f"Enter the day: {field.label.casefold()}")
            found |= {field.key: day} if day else {}
        elif field.key == "years":
            found |= {"years": years} if (years := _years(form, name)) else {}
        elif field.key == "needs":
            found |= {"needs": needs} if (needs := form.text(name).upper().replace(",", " ").split()) else {}
        elif form.text(name):
            found[field.key] = field.read(form, name)
    return found


def _years(form: Answers, name: str) -> list[int] | None:
    said = form.text(name)
    if not said:
        return None
    if match := re.fullmatch(r"(-?\d{1,2})\s*(?:to|-|–|,| )\s*(-?\d{1,2})", said, re.ASCII):
        return [int(match[1]), int(match[2])]
    form.wrong(name, "Enter a first and a last year group, such as 7 to 11")
    return None


def _areas(form: Answers) -> list[dict[str, Any]]:
    """Lines such as "Runcorn 352000 382000"."""
    found = []
    for line in form.text("areas").splitlines():
        if not line.strip():
            continue
        if match := re.fullmatch(r"(.{1,60}?)[\s,]+(\d{5,6})[\s,]+(\d{5,7})", line.strip(), re.ASCII):
            found.append({"name": match[1], "easting": int(match[2]), "northing": int(match[3])})
        else:
            form.wrong(
                "areas", f"Write a name, an easting and a northing on each line; {line.strip()[:40]!r} is not that"
            )
    return found
