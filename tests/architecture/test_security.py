"""What the security documents claim: the tests and files they name are there, and nothing is left out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from importlib import import_module

import pytest

from shared.identity.access import costly_of
from tests.architecture.source import ROOT

SECURITY = ROOT / "docs" / "security"
THREATS = (SECURITY / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:tests|services|shared|deploy|docs|protos)/[\w./-]+?\.?\w*)(?:::(\w+))?`")
KINDS = {"External": "SR", "Process": "STRIDE", "Processes": "STRIDE", "Processes of others": "STRIDE"} | dict.fromkeys(
    ("Store", "Stores"), "TRID"
)
ELEMENTS = {
    title: body
    for title, body in re.findall(r"^## ([^\n]+)\n\n(.*?)(?=^## |\Z)", THREATS, re.MULTILINE | re.DOTALL)
    if "| threat |" in body
}
WRITES_TABLES = {
    "services/planning/exports/sheets.py",  # every text made inert
    "services/web/pages/planning/forecast.py",  # codes and numbers alone
    "services/cli/pages/forecast.py",  # codes and numbers alone
    "services/placement/forecast/published/england.py",  # published tables, for our own reader
    "services/cli/template_files.py",  # headings and examples of ours
    "services/cli/demo/tables.py",  # invented files, for our own importers
    "services/cli/nation/authorities.py",  # published tables, for our own reader
}


@cache
def names_of_tests(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("document", ["threat-model.md", "asvs.md"])
def test_every_file_and_test_that_is_named_is_there(document: str) -> None:
    named = NAMED.findall((SECURITY / document).read_text(encoding="utf-8"))
    assert len(named) > 50
    lost = [path for path, _ in named if not (ROOT / path).exists()]
    lost += [
        f"{path}::{test}" for path, test in named if test and path not in lost and test not in names_of_tests(path)
    ]
    assert sorted(set(lost)) == []


def test_a_test_that_is_not_there_would_be_found() -> None:
    ((path, test),) = NAMED.findall("`tests/architecture/test_security.py::test_of_nothing`")
    assert test not in names_of_tests(path)


@pytest.mark.parametrize("title", ELEMENTS)
def test_every_element_has_every_threat_of_its_kind(title: str) -> None:
    body = ELEMENTS[title]
    kind = body.split(":")[0]
    rows = [line for line in body.splitlines() if re.match(r"\| [STRIDE]: ", line)]
    assert {row[2] for row in rows} == set(KINDS[kind]), kind
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) == 5, row
        assert all(cells), row
        assert NAMED.search(cells[2]), row


def test_every_process_that_runs_is_an_element() -> None:
    assert {"People", "Pages", "Command", "Caseload", "Provision", "Cost", "Placement", "Journal"} <= set(ELEMENTS)
    assert {"Events processes", "Broker", "Databases", "Backups", "Issuer", "Router"} <= set(ELEMENTS)


ASVS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (SECURITY / "asvs.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def test_every_requirement_has_one_line_in_order_with_a_status_and_how() -> None:
    numbers = [tuple(map(int, row[0].split("."))) for row in ASVS]
    assert numbers == sorted(set(numbers))
    assert {number[0] for number in numbers} == set(range(1, 18))
    for row in ASVS:
        _, level, asked, status, how = row
        assert level in ("1", "2")
        assert status in ("met", "partly", "not met", "n/a")
        assert asked
        assert how, row


def test_the_counts_that_are_said_are_the_tables() -> None:
    said = re.search(
        r"Of (\d+) requirements (\d+) are met, (\d+) partly, (\d+) not, and (\d+) do not apply",
        (SECURITY / "asvs.md").read_text(encoding="utf-8"),
    )
    assert said
    counts = Counter(row[3] for row in ASVS)
    assert [int(each) for each in said.groups()] == [
        len(ASVS),
        *(counts[status] for status in ("met", "partly", "not met", "n/a")),
    ]


def sources() -> dict[str, str]:
    found = [path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")]
    kept = [path for path in found if not {"gen", "node_modules"} & set(path.parts)]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in kept}


def test_only_known_places_write_what_a_spreadsheet_opens() -> None:
    writes = re.compile(r"csv\.(writer|DictWriter)|Workbook\(")
    assert {path for path, text in sources().items() if writes.search(text)} == WRITES_TABLES


def test_no_sql_is_put_together_from_text() -> None:
    together = re.compile(r"""(?<![\w.])(?:text|exec_driver_sql)\(\s*f["'][^"']*\{(?![A-Z_]+\})""")
    assert together.search('text(f"SELECT {name}")')
    assert not together.search('text(f"SELECT {CONSTANT}")')
    assert [path for path, text in sources().items() if together.search(text)] == []


def test_nothing_runs_what_it_is_given() -> None:
    runs = re.compile(
        r"(?<![\w.])(?:eval|exec)\(|shell=True|yaml\.load\(|pickle\.loads?\(|verify=False|allow_pickle=True"
    )
    assert [path for path, text in sources().items() if runs.search(text)] == []


def test_every_import_and_plan_is_marked_as_costly() -> None:
    long = re.compile(r"(Import|Propose|Plan|Export|Create|Verify|Price)[A-Z]\w*")
    folder = ROOT / "protos"
    modules = [path.relative_to(folder).with_suffix("") for path in sorted(folder.rglob("v1/*.proto"))]
    files = [import_module(".".join(module.parts) + "_pb2").DESCRIPTOR for module in modules]
    services = [service for file in files for service in file.services_by_name.values()]
    methods = {
        method.full_name: method.name in costly_of(service.full_name)
        for service in services
        for method in service.methods
    }
    assert len(methods) > 80
    assert [name for name, marked in methods.items() if long.fullmatch(name.split(".")[-1]) and not marked] == []
