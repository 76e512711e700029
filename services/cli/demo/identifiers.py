"""Unique pupil numbers and unique learner numbers of valid form, for people who do not exist."""

CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The 23 letters of a UPN's check (no I, O or S): DfE, *Unique pupil numbers* guide."""
INVENTED_ESTABLISHMENTS = 9500
"""Establishment numbers from here on are used by no school in the demonstration."""


def check_letter(digits: str) -> str:
    """The letter that opens a UPN: digits weighted 2 to 13, summed, modulo 23."""
    weighted = sum(int(digit) * weight for weight, digit in enumerate(digits, start=2))
    return CHECK_LETTERS[weighted % 23]


def invent_upn(la_code: str, serial: int, entry_year: int) -> str:
    """The UPN of invented person number `serial`, given when they started school."""
    establishment = INVENTED_ESTABLISHMENTS + serial // 1000
    digits = f"{int(la_code):03d}{establishment:04d}{entry_year % 100:02d}{serial % 1000:03d}"
    return check_letter(digits) + digits


def invent_uln(serial: int) -> str:
    """A ten-digit learner number whose last digit checks: weights 10 to 2, modulo 11."""
    stem = 900_000_000 + serial * 7
    while (remainder := _uln_remainder(stem)) == 0:
        stem += 1
    return f"{stem}{10 - remainder}"


def _uln_remainder(stem: int) -> int:
    digits = zip(str(stem), range(10, 1, -1), strict=True)
    return sum(int(digit) * weight for digit, weight in digits) % 11
