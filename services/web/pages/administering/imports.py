"""Bring files in: choose them, see what would happen, and only then write."""

from __future__ import annotations

from functools import partial

from starlette.responses import Response

from inborough.common.v1 import common_pb2
from services.planning.template_texts import columns, text
from services.web.forms import Answers
from services.web.pages.administering.kinds import BY_CODE, KINDS, Kind, send
from services.web.pages.downloads import as_download
from services.web.pages.planning.work import find_task
from services.web.serving import Handler
from services.web.tasks import Task
from services.web.visit import Visit
from shared.errors import NotFound

A_LITTLE_SECONDS = 1.0
ROWS_SHOWN = 200
HOW = {
    "all": "All rows or none: one refused row refuses the file",
    "good": "Good rows only: refused rows are left out",
}


async def show_all(visit: Visit) -> Response:
    """The files in the order in which a new authority brings them, as far as this person may."""
    kinds = [kind for kind in KINDS if visit.may_act(f"import_{kind.code}")]
    return await visit.show("administering/imports.html", kinds=kinds)


def show_of(code: str) -> Handler:
    """The form of one sort of file."""
    return partial(_show, BY_CODE[code])


def act_of(code: str) -> Handler:
    """Take the files and preview them."""
    return partial(_preview, BY_CODE[code])


def show_report_of(code: str) -> Handler:
    """What the files would do or did."""
    return partial(_show_report, BY_CODE[code])


def confirm_of(code: str) -> Handler:
    """Write what was previewed."""
    return partial(_confirm, BY_CODE[code])


def template_of(code: str) -> Handler:
    """The file to put one's own rows into."""
    return partial(_template, code)


async def _show(kind: Kind, visit: Visit) -> Response:
    form = Answers({"how": ["all"]})
    return await _form(kind, visit, form)


async def _form(kind: Kind, visit: Visit, form: Answers) -> Response:
    return await visit.show(
        "administering/import.html",
        422 if form.errors else 200,
        form=form,
        kind=kind,
        how=HOW,
        columns=columns(kind.code) if kind.template else [],
        back=visit.url("imports"),
        back_text="Imports",
    )


async def _preview(kind: Kind, visit: Visit) -> Response:
    form = Answers(visit.sent)
    form.one_of("how", HOW, "Choose what a refused row does")
    files = visit.files.get("files", [])
    if not files:
        form.wrong("files", "Choose the file")
    if form.errors:
        return await _form(kind, visit, form)
    held_id = visit.house.held.hold(visit.session.user_id, files, {"how": form.text("how")})
    return await _start(kind, visit, held_id, preview=True)


async def _confirm(kind: Kind, visit: Visit) -> Response:
    task = find_task(visit)
    return await _start(kind, visit, task.said["held"], preview=False)


async def _start(kind: Kind, visit: Visit, held_id: str, preview: bool) -> Response:
    """Begin it as this person, and show it; what is quick is there at once."""
    held = visit.house.held.find(visit.session.user_id, held_id)
    if held is None:
        return await visit.go(
            visit.url(f"import_{kind.code}"),
            "The file was held for 15 minutes and is not here any more. Choose it again.",
        )
    files = [common_pb2.ImportFile(name=file.name, content=file.content) for file in held.files]

    async def work(task: Task) -> None:
        task.step = "Checking every row" if preview else "Writing"
        report = await send(visit.services, kind.code, files, held.said["how"] == "good", preview)
        task.answer = {"report": report}
        if not preview and report.accepted:
            visit.house.held.drop(held_id)

    said = {"held": held_id, "names": ", ".join(file.name for file in held.files), "how": held.said["how"]}
    tasks = visit.house.tasks
    task_id = tasks.do(visit.session.user_id, work, said)
    await tasks.wait_a_little(task_id, A_LITTLE_SECONDS)
    return await visit.go(visit.url(f"imported_{kind.code}", task_id=task_id))


async def _show_report(kind: Kind, visit: Visit) -> Response:
    try:
        task = find_task(visit)
    except NotFound:
        return await visit.go(
            visit.url(f"import_{kind.code}"), "That import is not here any more. Choose the file again."
        )
    report = task.answer["report"] if task.answer else None
    held = visit.house.held.find(visit.session.user_id, task.said["held"]) is not None
    return await visit.show(
        "administering/import_report.html",
        task=task,
        kind=kind,
        report=report,
        outcome=outcome(report, held) if report else "",
        may_confirm=bool(held and report and would_change(report)),
        rows_shown=ROWS_SHOWN,
        how=HOW.get(task.said["how"], ""),
        back=visit.url(f"import_{kind.code}"),
        back_text=kind.title,
    )


def would_change(report: common_pb2.ImportReport) -> bool:
    """Whether a preview is of something to write."""
    return report.preview and report.accepted and bool(report.created or report.updated)


def outcome(report: common_pb2.ImportReport, held: bool) -> str:
    """What became of the files, or would while they are held."""
    if would_change(report) and not held:
        return "This is a preview of before: the file was written already, or was held for 15 minutes and let go."
    if report.accepted and not report.rows_read:
        return "The file has no rows."
    changes = report.created or report.updated
    if report.preview and report.accepted:
        return "Nothing is written yet." if changes else "Nothing would change: all of it is there already."
    if report.accepted:
        return "It is written." if changes else "Nothing changed: all of it was there already."
    if any(problem.row == 0 for problem in report.problems):
        return "Nothing was written. Correct the file and choose it again."
    return "Nothing was written. Correct the rows below, or choose the file again with good rows only."


async def _template(code: str, visit: Visit) -> Response:
    return as_download(text(code).encode(), f"{code}-template", "csv")
