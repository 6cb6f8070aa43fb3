"""What an office and the coordinator take with them: a part, own results, the sealed folder."""

from __future__ import annotations

import csv
import io
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from admissions.results.files import json_file, packed
from admissions_api.access import Installed, keep_to_own
from admissions_api.allocations import (
    ResultFolder,
    find_allocation,
    own_decisions,
    without_persons,
)
from admissions_api.institutions import own_offerings
from admissions_api.parts import latest_parts
from admissions_api.problems import not_found
from admissions_api.reads import CoordinatorReads, OfficeReads
from admissions_api.rounds import find_round
from admissions_api.routes.allocations import AllocationId
from admissions_api.routes.parts import Institution
from admissions_api.routes.rounds import RoundId
from admissions_api.store import get_blob

router = APIRouter(prefix="/v1", tags=["exports"])
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


def _zip(data: bytes, name: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(data, media_type="application/zip", headers=named)


@router.get("/rounds/{round_id}/parts/{institution}/file", response_class=Response, responses=_ZIP)
def part_file(
    round_id: RoundId, institution: Institution, caller: OfficeReads, installation: Installed
) -> Response:
    """One's own part as it counts now: its tables in canonical form, to be uploaded again."""
    keep_to_own(caller, institution)
    with installation.store.reading() as session:
        find_round(session, round_id)
        row = latest_parts(session, round_id).get(institution)
        if row is None:
            raise not_found("part of this institution", "upload one with PUT")
        return _zip(get_blob(session, row.sha256), f"{institution}-{row.version}")


@router.get("/allocations/{allocation_id}/results", response_class=Response, responses=_ZIP)
def own_results(
    allocation_id: AllocationId, caller: OfficeReads, installation: Installed
) -> Response:
    """Decisions and rankings at own offerings, with certificate and summary, as a zip."""
    own = own_offerings(caller.scope)
    with installation.store.reading() as session:
        folder = ResultFolder(session, find_allocation(session, allocation_id, caller))
    rows = own_decisions(folder, own)
    table = io.StringIO(newline="")
    if rows:
        written = csv.DictWriter(table, list(rows[0]))
        written.writeheader()
        written.writerows(rows)
    summary = folder.json("summary.json")
    summary["offerings"] = {o: row for o, row in summary["offerings"].items() if o in own}
    files: dict[str, str | bytes] = {
        "decisions.csv": "\ufeff" + table.getvalue(),
        "summary.json": json_file(summary),
        "certificate.json": json_file(without_persons(folder.json("certificate.json"))),
    }
    for name in (f"rankings/{offering}.csv" for offering in own):
        if name in folder.files:
            files[name] = folder.files[name]
    return _zip(packed(files), f"{allocation_id}-{caller.scope}")


@router.get("/allocations/{allocation_id}/folder", response_class=Response, responses=_ZIP)
def sealed_folder(
    allocation_id: AllocationId, caller: CoordinatorReads, installation: Installed
) -> Response:
    """The sealed result folder of all; unpacked, `admissions verify` accepts it offline."""
    with installation.store.reading() as session:
        row = find_allocation(session, allocation_id, caller)
        return _zip(get_blob(session, row.folder), allocation_id)
