"""``arkivmelding.xml``: the letters as an archive takes them in.

After the public schema of *arkivmelding* for Noark 5 that eFormidling uses
(``http://www.arkivverket.no/standarder/noark5/arkivmelding``): a case folder for each institution's
case, in it a record for each letter that has a decision of that case, and of its PDF the name, the
size and the SHA-256. Values of Noark's lists are as its metadata catalogue has them (M0xx).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from admissions.letters.sending import Receipt
from admissions.model.words import words

ARCHIVE = "arkivmelding.xml"
NAMESPACE = "http://www.arkivverket.no/standarder/noark5/arkivmelding"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
SYSTEM = "admissions"


def arkivmelding(receipts: Sequence[Receipt], on: dt.date, signatory: str) -> bytes:
    """The message for the letters that ``receipts`` are of, dated ``on``; the same bytes for all.

    ``signatory``: who is responsible for the cases.
    """
    Xml.register_namespace("", NAMESPACE)
    at = f"{on.isoformat()}T00:00:00"
    root = Xml.Element(_name("arkivmelding"))
    _text(root, "system", SYSTEM)
    _text(root, "meldingId", _message_id(receipts, on))
    _text(root, "tidspunkt", at)
    _text(root, "antallFiler", str(len(receipts)))
    for case in sorted({case for one in receipts for case in one.cases}):
        own = [one for one in receipts if case in one.cases]
        _folder(root, case, own, on, signatory)
    Xml.indent(root)
    text: bytes = Xml.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _message_id(receipts: Sequence[Receipt], on: dt.date) -> str:
    """The same for the same letters of the same day, and for no others."""
    told = "\n".join([on.isoformat(), *(f"{one.file} {one.sha256}" for one in receipts)])
    return hashlib.sha256(told.encode()).hexdigest()


def _folder(
    root: Xml.Element, case: tuple[str, str], own: Sequence[Receipt], on: dt.date, signatory: str
) -> None:
    """A case folder (*saksmappe*) with its records; elements in the schema's order."""
    institution, number = case
    folder = _part(root, "mappe", "saksmappe")
    _text(folder, "mappeID", number)
    _text(folder, "tittel", words("letters", "nb")["archive.case"].format(year=on.year))
    _made(folder, on, institution)
    _key(folder, f"{institution}: {number}")
    for one in own:
        _record(folder, one, institution, number, on)
    _text(folder, "saksdato", on.isoformat())
    _text(folder, "administrativEnhet", institution)
    _text(folder, "saksansvarlig", signatory)
    _text(folder, "saksstatus", "Under behandling")


def _record(folder: Xml.Element, one: Receipt, institution: str, case: str, on: dt.date) -> None:
    """A letter as a record (*journalpost*): the document, then whom it is for."""
    record = _part(folder, "registrering", "journalpost")
    _made(record, on, institution)
    _document(record, one, institution, on)
    said = words("letters", "nb")
    _text(record, "tittel", said["archive.record"].format(person=one.person_id))
    _text(record, "offentligTittel", said["archive.public"])
    _correspondent(record, one)
    _key(record, f"{case}: {one.person_id}: {on.isoformat()}")
    _text(record, "journalposttype", "Utgående dokument")
    _text(record, "journalstatus", "Ferdigstilt fra saksbehandler")
    _text(record, "dokumentetsDato", on.isoformat())


def _document(record: Xml.Element, one: Receipt, institution: str, on: dt.date) -> None:
    described = _part(record, "dokumentbeskrivelse")
    _text(described, "dokumenttype", "Brev")
    _text(described, "dokumentstatus", "Dokumentet er ferdigstilt")
    _text(described, "tittel", one.title)
    _made(described, on, institution)
    _text(described, "tilknyttetRegistreringSom", "Hoveddokument")
    _text(described, "dokumentnummer", "1")
    file = _part(described, "dokumentobjekt")
    _text(file, "versjonsnummer", "1")
    _text(file, "variantformat", "Arkivformat")
    _text(file, "format", "RA-PDF")
    _text(file, "formatDetaljer", "PDF/A-2a, PDF/UA-1")
    _text(file, "mimeType", "application/pdf")
    _made(file, on, institution)
    _text(file, "referanseDokumentfil", one.file)
    _text(file, "sjekksum", one.sha256)
    _text(file, "sjekksumAlgoritme", "SHA-256")
    _text(file, "filstoerrelse", str(one.size))


def _correspondent(record: Xml.Element, one: Receipt) -> None:
    whom = _part(record, "korrespondansepart")
    _text(whom, "korrespondanseparttype", "Mottaker")
    _text(whom, "korrespondansepartNavn", one.contact.name or one.person_id)
    for name, value in (
        ("postadresse", one.contact.address),
        ("postnummer", one.contact.postcode),
        ("poststed", one.contact.place),
        ("epostadresse", one.contact.email),
    ):
        if value:
            _text(whom, name, value)


def _made(parent: Xml.Element, on: dt.date, institution: str) -> None:
    """When and by whom it was made."""
    _text(parent, "opprettetDato", f"{on.isoformat()}T00:00:00")
    _text(parent, "opprettetAv", institution)


def _key(parent: Xml.Element, key: str) -> None:
    """What this program calls it: by this an archive knows what it has had before."""
    reference = _part(parent, "referanseEksternNoekkel")
    _text(reference, "fagsystem", SYSTEM)
    _text(reference, "noekkel", key)


def _part(parent: Xml.Element, name: str, kind: str = "") -> Xml.Element:
    return Xml.SubElement(parent, _name(name), {_TYPE: kind} if kind else {})


def _text(parent: Xml.Element, name: str, text: str) -> None:
    _part(parent, name).text = text


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
