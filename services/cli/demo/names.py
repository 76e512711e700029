"""Names put together from syllables, so that no real person is meant."""

from random import Random

OPENINGS = ("Bra", "Cor", "Del", "Fen", "Gri", "Hal", "Jor", "Kel", "Lun", "Mar", "Nor", "Pel")
MIDDLES = ("an", "ber", "do", "en", "il", "mo", "or", "ri", "ta", "ul", "ve", "zi")
SURNAME_ENDINGS = ("by", "cote", "dale", "fold", "mere", "ness", "rick", "thorpe", "wick", "worth")
FORENAME_ENDINGS = ("a", "eth", "ia", "iel", "in", "is", "o", "on", "ra", "y")


def invent_surname(draw: Random) -> str:
    """A surname such as `Fenorwick`."""
    return draw.choice(OPENINGS) + draw.choice(MIDDLES) + draw.choice(SURNAME_ENDINGS)


def invent_forename(draw: Random) -> str:
    """A forename such as `Kelveth`."""
    return draw.choice(OPENINGS) + draw.choice(MIDDLES) + draw.choice(FORENAME_ENDINGS)
