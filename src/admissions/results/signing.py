"""Signatures of certificates: Ed25519, in a file beside the certificate.

Who holds the key cannot be told from the signature: a reader compares the key's fingerprint, the
SHA-256 of its 32 bytes, with the one that the signer has published.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from admissions.model.errors import PromiseBrokenError, UsageError
from admissions.model.files import Place, files_at
from admissions.model.messages import message
from admissions.results.files import json_file
from admissions.verification.published import CERTIFICATE

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

SIGNATURE = "signature.json"
ALGORITHM = "Ed25519"


@dataclass(frozen=True)
class Signature:
    """A signature of the bytes of ``certificate.json``; key and signature in hex."""

    algorithm: str
    public_key: str
    signature: str

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public key's 32 bytes, in hex."""
        return hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()


class _SignatureFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: str = Field(pattern=f"^{ALGORITHM}$")
    public_key: str = Field(pattern="^[0-9a-f]{64}$")
    signature: str = Field(pattern="^[0-9a-f]{128}$")


def new_key(place: Path) -> str:
    """Writes a new private key to ``place`` and its public key beside it; the fingerprint.

    Both as PEM, the private one for its owner's eyes alone. Raises UsageError where one exists.
    """
    _needs_cryptography()
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = place.with_name(f"{place.name}.pub")
    for path in (place, public):
        if path.exists():
            raise UsageError(message("signing.key-exists", path=str(path)))
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    place.touch(mode=0o600)
    place.write_bytes(text)
    public.write_bytes(
        key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    )
    return hashlib.sha256(_raw(key.public_key())).hexdigest()


def read_key(place: Path) -> Ed25519PrivateKey:
    """The private key at ``place``. Raises UsageError for anything else."""
    _needs_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(place.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(message("signing.no-private-key", path=str(place)))
    return key


def read_public_key(place: Path) -> bytes:
    """The 32 bytes of the public key at ``place``. Raises UsageError for anything else."""
    _needs_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(place.read_bytes())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(message("signing.no-public-key", path=str(place)))
    return _raw(key)


def signature_file(key: Ed25519PrivateKey, certificate: bytes) -> bytes:
    """``signature.json`` for the bytes of a certificate; the same key and bytes, the same text."""
    signed = Signature(ALGORITHM, _raw(key.public_key()).hex(), key.sign(certificate).hex())
    return json_file(asdict(signed))


def checked_signature(result: Place, expected: bytes | None) -> Signature | None:
    """The signature in ``result``, if there is one, of its certificate.

    Raises PromiseBrokenError where it is not that of the certificate as it stands, or not made with
    the key ``expected``; and where one is expected and there is none.
    """
    files = files_at(result)
    if SIGNATURE not in files:
        if expected is not None:
            raise PromiseBrokenError(message("signing.not-signed", name=SIGNATURE))
        return None
    _needs_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        stated = _SignatureFile.model_validate_json(files[SIGNATURE])
        found = Signature(stated.algorithm, stated.public_key, stated.signature)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.public_key))
        key.verify(bytes.fromhex(found.signature), files[CERTIFICATE])
    except (ValidationError, InvalidSignature, ValueError):
        raise PromiseBrokenError(message("signing.broken", name=SIGNATURE)) from None
    if expected is not None and bytes.fromhex(found.public_key) != expected:
        raise PromiseBrokenError(message("signing.other-key", fingerprint=found.fingerprint))
    return found


def _raw(key: Ed25519PublicKey) -> bytes:
    from cryptography.hazmat.primitives import serialization as pem

    return key.public_bytes(pem.Encoding.Raw, pem.PublicFormat.Raw)


def _needs_cryptography() -> None:
    """Raises UsageError where the package is not installed."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise UsageError(message("signing.not-installed")) from None
