"""`inborough certificates`: a whole set, for development, that nothing writes over by accident."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.cli.main import run
from services.cli.system.health import SERVICES
from shared.identity.certificates import read_held
from shared.identity.keys import read_private, read_public
from shared.identity.spiffe import FRONT_DOOR, SERVICE, SpiffeName

FRONT_DOORS = ("cli", "web")
SERVERS = ("postgres", "rabbitmq")
Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, capsys: Said) -> Path:
    """A folder with a set."""
    assert run(["certificates", "--out", str(tmp_path / "set")]) == 0
    return tmp_path / "set"


@pytest.mark.parametrize(
    ("name", "kind"), [*((name, SERVICE) for name in SERVICES), *((name, FRONT_DOOR) for name in FRONT_DOORS)]
)
def test_each_process_gets_a_sound_certificate_of_its_name(name: str, kind: str, folder: Path) -> None:
    held = read_held(folder / name)
    assert held.name == SpiffeName("inborough", kind, name)
    assert held.fault() == ""
    stated = held.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert stated.get_values_for_type(x509.DNSName) == [SpiffeName("inborough", kind, name).host]


def test_a_front_door_has_no_certificate_to_serve_with(folder: Path) -> None:
    for name, may_serve in {"cost": True, "cli": False}.items():
        uses = read_held(folder / name).leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert (ExtendedKeyUsageOID.SERVER_AUTH in uses) is may_serve


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_has_a_certificate_of_its_host_that_calls_nobody(name: str, folder: Path) -> None:
    held = read_held(folder / name)
    assert (held.name, held.fault()) == (None, ""), "a name of ours would make whoever takes it a service"
    stated = held.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert stated.get_values_for_type(x509.DNSName) == [name, "localhost"]
    assert [str(address) for address in stated.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    uses = held.leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_front_doors_alone_can_sign_tokens_and_services_can_verify_them(folder: Path) -> None:
    can_sign = {path.parent.name for path in folder.glob("*/private.pem")}
    assert can_sign == set(FRONT_DOORS)
    public = read_private(folder / "cli").public_key().public_bytes_raw()
    assert {read_public(folder / name).public_bytes_raw() for name in (*SERVICES, *FRONT_DOORS)} == {public}


def test_only_the_owner_may_read_keys(folder: Path) -> None:
    secret = [*folder.glob("*/key.pem"), *folder.glob("*/private.pem")]
    assert len(secret) == len(SERVICES) + 2 * len(FRONT_DOORS) + len(SERVERS)
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}


def test_the_authoritys_key_is_kept_nowhere(folder: Path) -> None:
    authority = x509.load_pem_x509_certificate((folder / "cost" / "authority.pem").read_bytes())
    kept = [
        load_pem_private_key(path.read_bytes(), None).public_key()
        for path in folder.rglob("*.pem")
        if b"PRIVATE" in path.read_bytes()
    ]
    assert authority.public_key() not in kept


def test_a_set_that_is_there_is_replaced_only_by_force(folder: Path, capsys: Said) -> None:
    before = (folder / "cost" / "certificate.pem").read_bytes()
    assert run(["certificates", "--out", str(folder)]) == 2
    assert "--force" in capsys.readouterr().err
    assert (folder / "cost" / "certificate.pem").read_bytes() == before
    assert run(["certificates", "--out", str(folder), "--force"]) == 0
    assert (folder / "cost" / "certificate.pem").read_bytes() != before
    assert read_held(folder / "cost").fault() == ""


def test_it_says_that_they_are_for_development(tmp_path: Path, capsys: Said) -> None:
    run(["certificates", "--out", str(tmp_path / "set")])
    said = capsys.readouterr()
    assert "For development only" in said.err
    assert "spiffe://inborough/service/cost" in said.out
    assert "PRIVATE" not in said.out + said.err


def test_another_trust_domain_is_in_every_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setenv("INBOROUGH_TRUST_DOMAIN", "halton.example")
    assert run(["certificates", "--out", str(tmp_path)]) == 0
    assert read_held(tmp_path / "cost").name == SpiffeName("halton.example", SERVICE, "cost")
