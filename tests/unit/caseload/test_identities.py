"""Which case each person of a return is."""

from __future__ import annotations

from services.caseload.domain.identities import Known, recognise
from services.caseload.domain.pseudonyms import case_id_of

OLD = "case_0000000000000001"


def recognised(*people: dict[str, str], known: Known | None = None) -> dict[int, str]:
    return recognise(people, known or {}).case_ids


def test_a_new_person_is_named_by_the_strongest_identifier() -> None:
    assert recognised({"native": "n" * 32, "upn": "a" * 32}) == {0: case_id_of("a" * 32)}
    assert recognised({"person": "p" * 32, "native": "b" * 32}) == {0: case_id_of("b" * 32)}


def test_any_identifier_seen_before_finds_the_case() -> None:
    for kind in ("upn", "uln", "native", "person"):
        assert recognised({kind: "x"}, known={(kind, "x"): OLD}) == {0: OLD}


def test_a_upn_decides_before_a_native_id() -> None:
    known = {("upn", "u"): OLD, ("native", "n"): "case_0000000000000002"}
    assert recognised({"upn": "u", "native": "n"}, known=known) == {0: OLD}


def test_a_native_id_or_name_does_not_join_children_with_different_upns() -> None:
    known = {("upn", "u"): OLD, ("native", "n"): OLD, ("person", "p"): OLD}
    found = recognised({"upn": "v" * 32, "native": "n", "person": "p"}, known=known)
    assert found == {0: case_id_of("v" * 32)}


def test_a_native_id_of_a_case_that_somebody_else_is_counts_for_nothing() -> None:
    known = {("upn", "u"): OLD, ("native", "n" * 32): OLD}
    found = recognised({"native": "n" * 32}, {"upn": "u", "native": "m"}, known=known)
    assert found == {0: case_id_of("n" * 32), 1: OLD}


def test_a_new_id_is_never_that_of_another_case() -> None:
    taken = case_id_of("n" * 32)
    known = {("upn", "u"): taken, ("native", "n" * 32): taken}
    found = recognised({"native": "n" * 32, "person": "p" * 32}, {"upn": "u"}, known=known)
    assert found == {0: case_id_of("p" * 32), 1: taken}


def test_a_person_whose_every_id_is_taken_gets_none() -> None:
    taken = case_id_of("n" * 32)
    found = recognise([{"native": "n" * 32}, {"upn": "u"}], {("upn", "u"): taken, ("native", "n" * 32): taken})
    assert (found.case_ids, found.repeated) == ({1: taken}, {0: (0, "native")})


def test_one_upn_or_uln_twice_is_one_person_twice() -> None:
    assert recognise([{"upn": "u"}, {"upn": "u"}], {}).repeated == {1: (0, "upn")}
    assert recognise([{"upn": "u", "uln": "l"}, {"upn": "v", "uln": "l"}], {}).repeated == {1: (0, "uln")}


def test_two_identifiers_of_one_case_on_two_rows_are_one_person_twice() -> None:
    known = {("upn", "u"): OLD, ("uln", "l"): OLD}
    assert recognise([{"upn": "u"}, {"uln": "l"}], known).repeated == {1: (0, "uln")}


def test_children_of_one_name_and_birth_date_with_their_own_upns_are_two() -> None:
    found = recognise([{"upn": "u" * 32, "person": "p"}, {"upn": "v" * 32, "person": "p"}], {})
    assert (len(found.case_ids), found.repeated) == (2, {})
