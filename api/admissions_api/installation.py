"""What one running application holds: settings, store, keys and counters."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from joserfc.jwk import ECKey
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from admissions.model.errors import UsageError
from admissions_api.agreement import agree_all
from admissions_api.clock import now
from admissions_api.grants import GrantFile
from admissions_api.oidc import Issuer
from admissions_api.previews import Previews
from admissions_api.problems import ProblemError
from admissions_api.reading import Readers
from admissions_api.revoking import Revoked
from admissions_api.settings import Settings
from admissions_api.signing_in import SigningIn
from admissions_api.store import Store
from admissions_api.tokens import signing_key
from admissions_api.turns import Turns


class Limiter:
    """So many requests a token in so long, counted in this process."""

    def __init__(self, rate: str) -> None:
        try:
            self._item: RateLimitItem = parse(rate)
        except ValueError:
            raise UsageError(
                f"ADMISSIONS_RATE_LIMIT is {rate!r}. Maybe 6000/minute, or 100/second."
            ) from None
        self._strategy = FixedWindowRateLimiter(MemoryStorage())

    def count(self, key: str) -> None:
        """Counts a request of ``key``. Raises ProblemError (429) when there were too many."""
        if not self._strategy.hit(self._item, key):
            raise ProblemError(
                429,
                f"more than {self._item.amount} requests in {self._item.get_expiry()} seconds",
                "Maybe wait as long as Retry-After says.",
                headers={"Retry-After": str(self._seconds_left(key))},
            )

    def _seconds_left(self, key: str) -> int:
        reset = self._strategy.get_window_stats(self._item, key).reset_time
        return max(1, math.ceil(reset - now().timestamp()))


@dataclass(frozen=True, eq=False)
class Installation:
    """Made once when the application is created; nothing is made when a module is imported."""

    settings: Settings
    store: Store
    key: ECKey
    issuer: Issuer | None
    limiter: Limiter
    previews: Previews
    readers: Readers
    signing_in: SigningIn | None = None
    revoked: Revoked = field(init=False)
    asking_issuer: Turns = field(default_factory=lambda: Turns(1, "the issuer takes long"))
    signing: Turns = field(default_factory=lambda: Turns(8, "the issuer takes long"))
    explaining: Turns = field(default_factory=lambda: Turns(1, "others are being explained"))

    def __post_init__(self) -> None:
        object.__setattr__(self, "revoked", Revoked(self.store))

    def close(self) -> None:
        """Ends what it started, and closes the store."""
        self.readers.close()
        self.store.close()


def open_installation(settings: Settings) -> Installation:
    """Opens the store, brings it to the newest schema, and reads or makes the key.

    Raises UsageError for a setting that cannot be used.
    """
    issuer = signing_in = None
    if settings.oidc_issuer and settings.oidc_jwks_url and settings.oidc_grants:
        grants = GrantFile(settings.oidc_grants).now
        issuer = Issuer(
            settings.oidc_issuer, settings.oidc_jwks_url, settings.oidc_audience, grants
        )
        if settings.oidc_client_id:
            signing_in = SigningIn(
                issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_request
            )
    limiter = Limiter(settings.rate_limit)
    key = signing_key(settings.home)
    store = Store(settings.database_url)
    store.migrate()
    agree_all(store)
    readers = Readers(settings)
    return Installation(settings, store, key, issuer, limiter, Previews(), readers, signing_in)
