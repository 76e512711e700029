"""From a definition to the builder's fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.web.forms import Answers
from services.web.pages.planning.definition import build
from services.web.pages.planning.levers import BASICS, GROUPS, LEVERS, MONEY, Field, Lever, name_of, percent, pounds


def fill(definition: Mapping[str, Any]) -> Answers | None:
    """The form that says a definition; None where it says more than the form can hold."""
    form = Answers()
    for field in BASICS:
        if field.key in definition:
            form.put(field.key, str(definition[field.key]))
    form.put("policy", str(definition.get("policy", "")).partition("/")[0])
    levers = definition.get("levers", {})
    for lever in LEVERS:
        for row, each in enumerate(levers.get(lever.key, ())):
            _fill_row(form, lever, row, each)
    for key, fields in GROUPS.items():
        _fill(form, fields, f"{key}-", levers.get(key, {}))
    if "growth" in levers:
        form.put("growth", _as_percent(levers["growth"]))
    _fill(form, MONEY, "money-", definition.get("money", {}))
    areas = [f"{area['name']} {area['easting']} {area['northing']}" for area in definition.get("areas", ())]
    form.put("areas", "\n".join(areas))
    same = build(Answers(form.given), int(definition.get("first_year", 0))).definition == _plain(definition)
    return form if same else None


def _plain(definition: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(definition)
    if "policy" in found:
        found["policy"] = str(found["policy"]).partition("/")[0]
    return found


def _fill(form: Answers, fields: tuple[Field, ...], prefix: str, values: Mapping[str, Any]) -> None:
    for field in fields:
        if field.key in values:
            form.put(f"{prefix}{field.key}", _written(field, values[field.key]))


def _fill_row(form: Answers, lever: Lever, row: int, values: Mapping[str, Any]) -> None:
    for field in lever.fields:
        name, value = name_of(lever, row, field.key), values.get(field.key)
        if value is None:
            continue
        if isinstance(value, date):
            form.put_day(name, value)
        elif field.key == "years" and isinstance(value, list) and len(value) == 2:
            form.put(name, f"{value[0]} to {value[1]}")
        elif isinstance(value, list):
            form.put(name, " ".join(map(str, value)))
        else:
            form.put(name, _written(field, value))


def _written(field: Field, value: Any) -> str:
    if field.read is percent:
        return _as_percent(value)
    if field.read is pounds:
        return f"{value / 100:.2f}".removesuffix(".00")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _as_percent(value: Any) -> str:
    return f"{round(float(value) * 100, 6):g}"
