"""Time stamps of the chain's head by a third party (RFC 3161): a file out, a file in.

Nothing is asked over the network: the request is sent, and the answer fetched, by whoever may.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions_api.store import Store, put_blob
from admissions_api.store.audit import HEAD, Actor, append
from admissions_api.store.tables import AuditHead, AuditRow


def stamp_request(store: Store, out: Path) -> str:
    """Writes a request for a stamp of the chain's head; returns the head."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    if out.exists():
        raise UsageError(message("terminal.file-exists", file=str(out)))
    with store.reading() as session:
        head = session.get_one(AuditHead, HEAD).hash
    builder = TimestampRequestBuilder().data(head.encode()).hash_algorithm(HashAlgorithm.SHA256)
    out.write_bytes(builder.nonce(nonce=False).cert_request(cert_request=True).build().as_bytes())
    return head


def take_stamp(store: Store, file: Path, root: Path | None, actor: Actor) -> tuple[int, str]:
    """Stores the answer in ``file``; returns the entry that it stamps, and the time that it says.

    With ``root``, a certificate (PEM), the signature is checked too. Raises UsageError where it is
    no answer, stamps no entry of this chain, or is not signed under ``root``.
    """
    from rfc3161_client import decode_timestamp_response

    try:
        data = file.read_bytes()
        answer = decode_timestamp_response(data)
        imprint = answer.tst_info.message_imprint.message
        at = answer.tst_info.gen_time.isoformat()
    except (OSError, ValueError) as error:
        said = message("terminal.stamp-unreadable", file=str(file), why=str(error))
        raise UsageError(said) from None
    with store.writing() as session:
        entry = _stamped(session, imprint)
        if entry is None:
            raise UsageError(message("terminal.stamp-other", file=str(file)))
        if root is not None:
            _refuse_unsigned(answer, entry.hash, root, file)
        sha256 = put_blob(session, data)
        append(
            session, actor, "chain.stamped", f"audit/{entry.sequence}", time=at, sha256=sha256
        )  # fmt: skip
        return entry.sequence, at


def _stamped(session: Session, imprint: bytes) -> AuditRow | None:
    for entry in session.scalars(select(AuditRow).order_by(AuditRow.sequence.desc())):
        if hashlib.sha256(entry.hash.encode()).digest() == imprint:
            return entry
    return None


def _refuse_unsigned(answer: object, head: str, root: Path, file: Path) -> None:
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder

    assert isinstance(answer, TimeStampResponse)  # noqa: S101 - for the type
    try:
        trusted = load_pem_x509_certificate(root.read_bytes())
        VerifierBuilder().add_root_certificate(trusted).build().verify(
            answer, hashlib.sha256(head.encode()).digest()
        )
    except (VerificationError, ValueError, OSError) as error:
        said = message("terminal.stamp-unsigned", file=str(file), why=str(error))
        raise UsageError(said) from None
