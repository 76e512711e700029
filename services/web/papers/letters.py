"""Text in letters that the papers' fonts have: PDF/UA forbids a letter without a shape, so one would stop the file."""

from __future__ import annotations

import unicodedata

NO_SHAPE = "\N{REPLACEMENT CHARACTER}"
SHAPED = (
    (0x20, 0x4FF),  # Latin with the letters of Welsh and of Europe, phonetic, Greek, Cyrillic
    (0x1E00, 0x1EFF),  # more Latin
    (0x2010, 0x2027),  # dashes, quotation marks, dots
    (0x2030, 0x205E),  # per mille, primes
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x214F),  # letter-like
    (0x2190, 0x219F),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x25A0, 0x25FF),  # shapes
)


def shown(text: str) -> str:
    """Text as the fonts can show it: other scripts and pictures as a replacement mark, controls as a space."""
    return "".join(map(_shown, unicodedata.normalize("NFC", text)))


def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf":
        return ""
    there = category not in ("Cn", "Co", "Cs") and any(first <= ord(letter) <= last for first, last in SHAPED)
    return letter if there else NO_SHAPE
