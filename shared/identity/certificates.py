"""The certificate that a process holds: three files in one folder, read whole and checked to belong together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from shared.days import in_words
from shared.identity.set_up import SetUpWrong
from shared.identity.spiffe import SpiffeName, read_name

CERTIFICATE, KEY, AUTHORITY = "certificate.pem", "key.pem", "authority.pem"
FILES = (CERTIFICATE, KEY, AUTHORITY)


@dataclass(frozen=True)
class Held:
    """A process's certificate (with those between it and the authority, if any), its key, and whom it trusts: PEM."""

    certificate: bytes
    key: bytes
    authority: bytes
    leaf: x509.Certificate

    @property
    def name(self) -> SpiffeName | None:
        """What the certificate says its holder is; None when it says nothing that we know."""
        return name_of(self.leaf)

    def fault(self) -> str:
        """What is wrong with the certificate now, in words that end a sentence; "" for nothing."""
        now = datetime.now(UTC)
        if now > self.leaf.not_valid_after_utc:
            return f"ran out on {in_words(self.leaf.not_valid_after_utc.date())}"
        if now < self.leaf.not_valid_before_utc:
            return f"is not valid before {in_words(self.leaf.not_valid_before_utc.date())}"
        if self._is_from_another_authority():
            return f"was not issued by the authority of {AUTHORITY} beside it"
        return ""

    def _is_from_another_authority(self) -> bool:
        """True only where it is certain: one between it and an authority makes it a question for the other side."""
        issuers = [*x509.load_pem_x509_certificates(self.authority), *x509.load_pem_x509_certificates(self.certificate)]
        return not any(_issued(issuer, self.leaf) for issuer in issuers)


def read_held(folder: Path) -> Held:
    """The three files. Raises SetUpWrong that says which is missing, unreadable or of another pair."""
    certificate, key, authority = (_read(folder / name) for name in FILES)
    try:
        leaf = x509.load_pem_x509_certificates(certificate)[0]
    except ValueError:
        raise _unreadable(folder / CERTIFICATE, "is no certificate") from None
    try:
        x509.load_pem_x509_certificates(authority)
    except ValueError:
        raise _unreadable(folder / AUTHORITY, "is no certificate") from None
    try:
        public = serialization.load_pem_private_key(key, None).public_key()
    except (ValueError, TypeError):
        raise _unreadable(folder / KEY, "is no private key without a password") from None
    if public != leaf.public_key():
        raise SetUpWrong(f"{folder / KEY} is not the key of {folder / CERTIFICATE}. Put the two of one pair there.")
    return Held(certificate, key, authority, leaf)


def stamp(folder: Path) -> tuple[tuple[int, int, int], ...]:
    """Changes whenever one of the three files does. Empty when one is missing."""
    try:
        found = [(folder / name).stat() for name in FILES]
    except OSError:
        return ()
    return tuple((file.st_mtime_ns, file.st_size, file.st_ino) for file in found)


def name_of(certificate: x509.Certificate) -> SpiffeName | None:
    """The one SPIFFE name that a certificate states; None for none or several."""
    try:
        stated = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None
    uris = stated.get_values_for_type(x509.UniformResourceIdentifier)
    return read_name(uris[0]) if len(uris) == 1 else None


def _issued(issuer: x509.Certificate, leaf: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, f"cannot be read ({type(error).__name__})") from None


def _unreadable(path: Path, what: str) -> SetUpWrong:
    return SetUpWrong(
        f"{path} {what}. INBOROUGH_TLS is a folder with {', '.join(FILES)}; `inborough certificates` makes a set for "
        "development."
    )
