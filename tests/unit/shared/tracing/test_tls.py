"""Spans go to an https collector whose certificate is signed by the authority that was named, and to no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared import logs, tracing
from shared.tracing import exporting
from tests.unit.shared.tracing.test_sending import collecting


def self_signed() -> tuple[bytes, bytes]:
    """Key and certificate of localhost, its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, kind, serialization.NoEncryption()), made.public_bytes(encoding)


@pytest.mark.parametrize(("trusted", "names"), [(True, ["work"]), (False, [])], ids=["its authority", "another"])
def test_the_authority_decides_whom_spans_are_sent_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trusted: bool, names: list[str]
) -> None:
    key, certificate = self_signed()
    (tmp_path / "authority.pem").write_bytes(certificate if trusted else self_signed()[1])
    monkeypatch.setenv("INBOROUGH_TRACES_AUTHORITY", str(tmp_path / "authority.pem"))
    monkeypatch.setattr(exporting, "SEND_SECONDS", 1)
    logs.configure("caseload", "ERROR")
    with collecting(grpc.ssl_server_credentials([(key, certificate)])) as (collector, url):
        monkeypatch.setenv(tracing.VARIABLE, url)
        tracing.begin("caseload")
        with tracing.span("work"):
            pass
        tracing.end(seconds=3)
    assert collector.names == names
