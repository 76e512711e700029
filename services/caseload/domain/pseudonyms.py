"""Case ids made from a keyed hash, so that they say nothing of the child and the same child keeps the same id."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

UPN_SHAPE = re.compile(r"[A-Z]\d{11}[0-9A-Z]")
ULN_SHAPE = re.compile(r"[1-9]\d{9}")
CASE_ID_SHAPE = re.compile(r"case_[0-9a-f]{16}")
STRONG_KINDS = ("upn", "uln")
"""Identifiers that are one child's for ever."""
KINDS = (*STRONG_KINDS, "native", "person")
"""Identifiers, strongest first: UPN, ULN, the exporting system's id with the month of birth, name with birth date."""


@dataclass(frozen=True)
class Pseudonyms:
    """Turns identifiers into digests with the authority's secret key; nothing turns them back."""

    key: bytes

    def digest(self, kind: str, identifier: str) -> str:
        """32 hexadecimal digits for an identifier of one of `KINDS`."""
        return hmac.digest(self.key, f"{kind}:{identifier}".encode(), "sha256").hex()[:32]


def case_id_of(digest: str) -> str:
    """The id of a case first seen under this digest."""
    return f"case_{digest[:16]}"


def tidy_upn(text: str) -> str:
    """A unique pupil number in its usual form. Raises ValueError that states the rule, without the number."""
    upn = text.strip().upper()
    if not (upn.isascii() and UPN_SHAPE.fullmatch(upn)):
        raise ValueError("not a UPN: a letter, eleven digits, then a digit or letter")
    return upn


def tidy_uln(text: str) -> str:
    """A unique learner number. Raises ValueError that states the rule, without the number."""
    uln = text.strip()
    if not (uln.isascii() and ULN_SHAPE.fullmatch(uln)):
        raise ValueError("not a ULN: ten digits, the first not 0")
    return uln


References = Mapping[str, str]
"""A child's digests by kind; only the kinds that are known of the child."""
