"""Somebody who has every published table, knows what adds up, and works out by integer programming what is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import highspy
import numpy as np

from services.placement.model.suppression import Sum


def most_that_fits(
    key: str,
    counts: Mapping[str, int],
    sums: Sequence[Sum[str]],
    left_out: Collection[str],
    signed: Collection[str] = (),
) -> float:
    """The largest count that `key` can have, given all that is shown; infinite where there is no end.

    The attacker even knows which of the counts left out are 0, and by how much rounding made each sum differ.
    """
    hidden = [each for each in counts if each in left_out]
    column = {each: at for at, each in enumerate(hidden)}
    engine = highspy.Highs()  # type: ignore[no-untyped-call]
    engine.silent()
    engine.setOptionValue("mip_rel_gap", 0.0)
    least = [-np.inf if each in signed else float(counts[each] != 0) for each in hidden]
    engine.addVars(len(hidden), np.array(least), np.full(len(hidden), np.inf))
    kinds = np.full(len(hidden), highspy.HighsVarType.kInteger)
    engine.changeColsIntegrality(len(hidden), np.arange(len(hidden)), kinds)
    for one in sums:
        signs = {each: sign for each, sign in ((one.total, -1), *((part, 1) for part in one.parts)) if each in column}
        known = float(sum(sign * counts[each] for each, sign in signs.items()))
        index = np.array([column[each] for each in signs], dtype=np.int32)
        engine.addRow(known, known, index.size, index, np.array(list(signs.values()), dtype=np.float64))
    engine.changeColCost(column[key], -1.0)
    engine.run()
    status = engine.getModelStatus()
    if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return float("inf")
    assert status == highspy.HighsModelStatus.kOptimal, engine.modelStatusToString(status)
    return -float(engine.getInfo().objective_function_value)
