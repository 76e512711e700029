"""Whole-number tables with given totals: how published counts become children.

Iterative proportional fitting (Deming and Stephan, 1940), then controlled rounding, in plain
Python so that every machine does the same sums in the same order.
"""

from collections.abc import Sequence

ROUNDS = 60
SMALLEST_WEIGHT = 1e-6


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` in proportion to `weights` by largest remainder; the sum is `total`."""
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("The weights must add up to more than zero, or nothing can be shared out.")
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def fit_whole(
    row_totals: Sequence[int], column_totals: Sequence[int], weights: Sequence[Sequence[float]]
) -> list[list[int]]:
    """Whole numbers with exactly these totals, as near to the pattern of `weights` as may be."""
    if sum(row_totals) != sum(column_totals):
        raise ValueError("The row totals and the column totals must add up to the same number.")
    fitted = _fit(row_totals, column_totals, weights)
    parts = [[int(value) for value in row] for row in fitted]
    row_left = [total - sum(row) for total, row in zip(row_totals, parts, strict=True)]
    column_left = [total - sum(row[j] for row in parts) for j, total in enumerate(column_totals)]
    cells = sorted(
        (parts[i][j] - fitted[i][j], i, j) for i in range(len(row_totals)) for j in range(len(column_totals))
    )
    for _, i, j in cells:
        if row_left[i] > 0 and column_left[j] > 0:
            _add(parts, row_left, column_left, i, j, 1)
    for _, i, j in cells:
        _add(parts, row_left, column_left, i, j, min(row_left[i], column_left[j]))
    return parts


def _add(parts: list[list[int]], row_left: list[int], column_left: list[int], i: int, j: int, n: int) -> None:
    parts[i][j] += n
    row_left[i] -= n
    column_left[j] -= n


def _fit(
    row_totals: Sequence[int], column_totals: Sequence[int], weights: Sequence[Sequence[float]]
) -> list[list[float]]:
    """Fractions with the pattern of `weights`, near enough to the totals to be rounded down."""
    fitted = [[max(weight, SMALLEST_WEIGHT) for weight in row] for row in weights]
    for _ in range(ROUNDS):
        for j, total in enumerate(column_totals):
            _scale_column(fitted, j, total)
        for i, total in enumerate(row_totals):
            have = sum(fitted[i])
            fitted[i] = [value * total / have if have else 0.0 for value in fitted[i]]
    for j, total in enumerate(column_totals):
        if sum(int(row[j]) for row in fitted) > total:
            _scale_column(fitted, j, total)
    return fitted


def _scale_column(fitted: list[list[float]], j: int, total: int) -> None:
    have = sum(row[j] for row in fitted)
    for row in fitted:
        row[j] = row[j] * total / have if have else 0.0
