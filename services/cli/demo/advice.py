"""What the professional advice on file is said to be: kinds of place that could meet the need."""

from random import Random

from services.cli.demo.children import Child

MAINSTREAM, BASE, UNIT = "mainstream", "resource_base", "sen_unit"
SPECIAL, HN_UNIT, AP = "state_special", "hn_unit", "alternative_provision"
NMSS, INDEPENDENT, COLLEGE = "non_maintained_special", "independent_special", "further_education"

POST_16 = 12
POST_19 = 15
NO_ADVICE_YET = 0.04
Advice = tuple[tuple[float, tuple[str, ...]], ...]

BY_KIND: dict[str, Advice] = {
    "mainstream": (
        (0.66, (MAINSTREAM,)),
        (0.18, (MAINSTREAM, BASE)),
        (0.10, (BASE, SPECIAL)),
        (0.06, (SPECIAL, NMSS, INDEPENDENT)),
    ),
    "resource_base": (
        (0.45, (BASE, UNIT)),
        (0.30, (MAINSTREAM, BASE)),
        (0.25, (BASE, SPECIAL)),
    ),
    "state_special": (
        (0.75, (SPECIAL,)),
        (0.25, (SPECIAL, NMSS, INDEPENDENT)),
    ),
    "independent_special": (
        (0.65, (SPECIAL, NMSS, INDEPENDENT)),
        (0.35, (NMSS, INDEPENDENT)),
    ),
    "alternative_provision": (
        (0.5, (AP, SPECIAL, INDEPENDENT)),
        (0.5, (SPECIAL, INDEPENDENT)),
    ),
    "further_education": (
        (0.6, (COLLEGE,)),
        (0.4, (MAINSTREAM, AP)),
    ),
    "": (
        (0.62, (MAINSTREAM,)),
        (0.16, (MAINSTREAM, BASE)),
        (0.12, (BASE, SPECIAL)),
        (0.10, (SPECIAL, INDEPENDENT)),
    ),
}
LIKE = {"sen_unit": "resource_base", "non_maintained_special": "independent_special"}
POST_16_ADVICE: dict[bool, Advice] = {
    False: ((0.80, (COLLEGE,)), (0.20, (MAINSTREAM, COLLEGE))),
    True: ((0.55, (COLLEGE,)), (0.45, (SPECIAL, COLLEGE))),
}
AFTER_A_BREAKDOWN: Advice = (
    (0.35, (BASE, SPECIAL)),
    (0.45, (SPECIAL, NMSS, INDEPENDENT)),
    (0.20, (SPECIAL, AP)),
)


def advise(child: Child, next_year: int, breakdown: bool, draw: Random) -> tuple[str, ...]:
    """Kinds of place, the one nearest to mainstream first; empty when no advice is in yet."""
    if draw.random() < NO_ADVICE_YET:
        return ()
    if next_year >= POST_19:
        return (COLLEGE,)
    if next_year >= POST_16:
        return _drawn(POST_16_ADVICE[child.kind not in ("", MAINSTREAM)], draw)
    if breakdown:
        return _drawn(AFTER_A_BREAKDOWN, draw)
    return _drawn(BY_KIND[LIKE.get(child.kind, child.kind)], draw)


def assess_exclusion_risk(child: Child, breakdown: bool, draw: Random) -> str:
    """Only children with SEMH, in or just out of mainstream, are said to be near exclusion."""
    if child.needs[0] != "SEMH" or child.kind not in ("", MAINSTREAM, AP):
        return "none"
    chances = (0.25, 0.40, 0.35) if breakdown else (0.22, 0.14, 0.06)
    point = draw.random()
    for risk, chance in zip(("at_risk", "suspended", "permanently_excluded"), chances, strict=True):
        if point < chance:
            return risk
        point -= chance
    return "none"


def with_hn_unit(advice: tuple[str, ...]) -> tuple[str, ...]:
    """Advice for a child near exclusion whose review says that mainstream cannot meet the need."""
    others = [kind for kind in advice if kind != MAINSTREAM] or [SPECIAL, INDEPENDENT]
    return (HN_UNIT, *others)


def _drawn(advice: Advice, draw: Random) -> tuple[str, ...]:
    point = draw.random()
    for chance, kinds in advice:
        if point < chance:
            return kinds
        point -= chance
    return advice[-1][1]
