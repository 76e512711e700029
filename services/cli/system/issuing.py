"""Certificates of a development authority: one for each service and front door, under SPIFFE names, and for servers.

The authority's key is never written: whoever wants another certificate makes a new set. Elliptic curve P-256 with
SHA-256, which every TLS library takes; the extensions are those that RFC 5280 asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shared.identity.spiffe import SERVICE, SpiffeName

LOOPBACK = IPv4Address("127.0.0.1")
CLOCKS_MAY_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Period:
    """When a certificate is good, both ends included."""

    first: datetime
    last: datetime

    @classmethod
    def of_days(cls, days: float) -> Period:
        """From now, give or take the clocks, for so many days."""
        now = datetime.now(UTC)
        return cls(now - CLOCKS_MAY_DIFFER, now + timedelta(days=days))


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """An authority that lives as long as this object."""

    def __init__(self, title: str, period: Period) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
        usage = {"key_cert_sign": True, "crl_sign": True}
        self._certificate = (
            _about(self._name, self._key.public_key(), period)
            .issuer_name(self._name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(**usage), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def certificate(self) -> bytes:
        """Whom to trust, PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, name: SpiffeName, period: Period) -> Issued:
        """A certificate for a service or a front door. Only a service may serve with it."""
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if name.kind == SERVICE else [])]
        return self._issue(
            name.short, [x509.UniformResourceIdentifier(str(name)), x509.DNSName(name.host)], uses, period
        )

    def issue_to_server(self, names: Sequence[str], period: Period) -> Issued:
        """A certificate for a server that is not ours, under DNS names, the first its own, and on this machine.

        It states no SPIFFE name and is not for clients: whoever takes it from the server can call none of ours.
        """
        stated = [*map(x509.DNSName, names), x509.DNSName("localhost"), x509.IPAddress(LOOPBACK)]
        return self._issue(names[0], stated, [ExtendedKeyUsageOID.SERVER_AUTH], period)

    def _issue(
        self, title: str, stated: Sequence[x509.GeneralName], uses: Sequence[x509.ObjectIdentifier], period: Period
    ) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            _about(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])]), key.public_key(), period)
            .issuer_name(self._name)
            .add_extension(x509.SubjectAlternativeName(stated), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return Issued(
            certificate.public_bytes(serialization.Encoding.PEM),
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )


def _about(subject: x509.Name, key: ec.EllipticCurvePublicKey, period: Period) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.first)
        .not_valid_after(period.last)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(**true: bool) -> x509.KeyUsage:
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    )
    return x509.KeyUsage(**{use: true.get(use, False) for use in every.split()})
