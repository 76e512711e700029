"""Solve a plain file: what `inborough solve` does, without any service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.placement.model.answer import answer_of
from services.placement.model.problem_file import read_problem
from services.placement.model.solve import solve


def solve_file(source: Path | str, knock_on_case: str | None = None) -> dict[str, Any]:
    """Read, solve and answer; see `answer_of` for the answer.

    Parameters
    ----------
    source
        The file's path, or, as a str, its text.
    knock_on_case
        Id of a case whose options' exact effects are wanted too.

    Raises
    ------
    ValueError
        If the file is malformed, naming the place in it, or does not have that case.
    """
    problem = read_problem(source.read_bytes() if isinstance(source, Path) else source)
    if knock_on_case is not None and knock_on_case not in problem.case_ids:
        raise ValueError(f"case {knock_on_case!r} is not in the problem; give the id of one of its cases.")
    return answer_of(solve(problem), knock_on_case)
