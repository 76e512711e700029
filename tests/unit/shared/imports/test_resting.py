"""The collector rests while an import works, and goes on afterwards."""

from __future__ import annotations

import gc

import pytest

from shared.imports.resting import no_collecting


def test_the_collector_rests_and_goes_on() -> None:
    @no_collecting()
    def work() -> bool:
        return gc.isenabled()

    assert gc.isenabled()
    assert work() is False
    assert gc.isenabled()


def test_it_goes_on_after_an_error_and_stays_off_where_it_was_off() -> None:
    with pytest.raises(ValueError, match="spoiled"), no_collecting():
        raise ValueError("spoiled")
    assert gc.isenabled()
    with no_collecting():
        with no_collecting():
            pass
        assert not gc.isenabled()
