"""The pages alone: what keeps attackers out must hold whether or not a service answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders.pages import Authority, Somebody, somebody

NOWHERE = Authority(
    dict.fromkeys(
        [f"{name}_address" for name in ("caseload", "provision", "cost", "placement", "journal")], "127.0.0.1:1"
    ),
    {},
)


def sign_in(person: Somebody, role: str) -> Somebody:
    """As a demo user, to a page that asks no service."""
    return person.open("/sign-in?next=/roles").send("/sign-in/demo", role=role)


@pytest.fixture(scope="module")
def _pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Somebody]:
    with somebody(NOWHERE, tmp_path_factory.mktemp("pages")) as found:
        yield found


@pytest.fixture
def visitor(_pages: Somebody) -> Somebody:
    """Somebody who is not signed in."""
    _pages.client.cookies.clear()
    _pages.client.follow_redirects = True
    return _pages


@pytest.fixture
def auditor(visitor: Somebody) -> Somebody:
    """The demo auditor, signed in."""
    return sign_in(visitor, "auditor")
