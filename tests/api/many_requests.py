"""Made-up requests for as long as one likes: ``python -m tests.api.many_requests 180`` a role.

The check has few of each; this asks every operation as every role, with other requests each time,
of a round that is decided and whose season has begun. Seconds are for each role.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import status_code_conformance

from admissions_api.tokens import ROLES, Role
from tests.api.installation import DATABASES, Api, running
from tests.api.rounds import allocated, filled
from tests.api.test_specification import OWN  # and how uploads are sent


def ask_all(api: Api, role: Role | None, seconds: int) -> tuple[int, list[str]]:
    """Asks until ``seconds`` are over; how many requests, and what was wrong."""
    specification = api.client.get("/v1/openapi.json").json()
    operations = schemathesis.openapi.from_dict(specification).get_all_operations()
    asked, wrong = 0, []
    found = [one.ok() for one in operations if isinstance(one, Ok)]
    found = [one for one in found if not one.path.endswith("/events")]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for operation in found:
            count, said = _ask(api, operation, api.headers(role, OWN[role]) if role else {})
            asked += count
            wrong += said
            if time.monotonic() > end:
                break
    return asked, wrong


def _ask(api: Api, operation: Any, headers: dict[str, str]) -> tuple[int, list[str]]:
    asked, wrong = 0, []

    @seed(random.getrandbits(32))
    @settings(
        max_examples=10, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        response = case.call(headers=headers, app=api.client.app, base_url="http://testserver")
        where = f"{case.method} {case.formatted_path} {response.status_code}"
        if response.status_code >= 500:
            wrong.append(f"{where}: {response.text[:300]}")
            return
        try:
            case.validate_response(response, checks=[status_code_conformance])
        except FailureGroup as group:
            wrong.append(f"{where}: {[str(one)[:200] for one in group.exceptions]}")

    ask()
    return asked, wrong


def main(seconds: int) -> int:
    """Asks as every role on every database; 1 where something was wrong."""
    failed = 0
    for kind in DATABASES:
        with running(Path(tempfile.mkdtemp()), kind, rate_limit="1000000/minute") as api:
            allocated(api, filled(api, id="2019"))
            begun = api.client.post(
                "/v1/rounds/2019/season",
                json={"on": "2019-06-03"},
                headers=api.headers("coordinator"),
            )
            assert begun.status_code == 201
            for role in (*ROLES, None):
                asked, wrong = ask_all(api, role, seconds)
                print(kind, role, asked, "requests,", len(wrong), "wrong", flush=True)
                for one in sorted(set(wrong))[:20]:
                    print("  ", one, flush=True)
                failed += len(wrong)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
