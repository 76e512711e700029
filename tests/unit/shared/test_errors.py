"""Errors: one table to gRPC statuses, and messages that say what is wrong."""

from __future__ import annotations

import grpc
import pytest

from shared import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NotFound("case", "case_1"), "NOT_FOUND"),
        (errors.InvalidInput("top", "must be from 1 to 50"), "INVALID_ARGUMENT"),
        (errors.WrongState("Import a rate card first."), "FAILED_PRECONDITION"),
        (errors.ChangedMeanwhile("The case was changed."), "ABORTED"),
        (errors.AlreadyExists("That card has other rates."), "ALREADY_EXISTS"),
        (errors.NotAllowed("Planners may not decide."), "PERMISSION_DENIED"),
        (errors.NotSignedIn("Sign in."), "UNAUTHENTICATED"),
        (errors.NeighbourDown("cost"), "UNAVAILABLE"),
        (errors.TooMuch("At most 500."), "RESOURCE_EXHAUSTED"),
        (errors.Internal("ab12"), "INTERNAL"),
    ],
)
def test_each_error_has_its_status(error: errors.InboroughError, code: str) -> None:
    status = errors.to_status(error)
    assert status.code is grpc.StatusCode[code]
    assert status.details == error.message


def test_messages_say_what_and_what_to_do() -> None:
    assert errors.NotFound("case", "case_1").message == "There is no case case_1."
    assert errors.NotFound("case", "case_1", "List them.").message == "There is no case case_1. List them."
    assert errors.NotFound("place pool", "pool_ASH-2").message == "There is no place pool pool_ASH-2."


@pytest.mark.parametrize("typed", ["Ann Other", "case_Ann", "WA8 6BS", "2013-03-17\n", "", "A876950010001", "ann"])
def test_what_is_not_of_an_ids_form_is_not_repeated(typed: str) -> None:
    said = errors.NotFound("policy", typed, "See `inborough policies`.").message
    assert said == "There is no policy by the name or id given. See `inborough policies`."
    assert errors.InvalidInput("top", "must be from 1 to 50").message == "top: must be from 1 to 50"
    assert "inborough health" in errors.NeighbourDown("cost").message


def test_facts_name_what_a_program_may_act_on() -> None:
    assert errors.InvalidInput("top", "must be from 1 to 50").facts == {"field": "top"}
    assert errors.NeighbourDown("cost").facts == {"neighbour": "cost"}
