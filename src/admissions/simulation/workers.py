"""Who draws: this process, several on this machine, or a Dask cluster; the numbers are the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from admissions.model.errors import UsageError, library_fault
from admissions.model.messages import message
from admissions.model.version import __version__
from admissions.simulation.job import Job
from admissions.simulation.store import Columns, KeptDraws, Piece, in_columns

if TYPE_CHECKING:
    from distributed import Client, Future

Drawn = tuple[int, Columns, float]
"""The first draw of a piece, the piece, and how many seconds it took."""
Told = Callable[[int], None]
"""Is told how many draws are done each time a piece is kept."""
_TIMES = 10
"""How often a piece may be on a worker that is lost before the run gives up."""
_PATIENCE = "10s"
"""How long a scheduler may take to answer."""
_SECONDS = 2.0
"""How long a piece shall take: a small part of a run, and long beside what handing it out costs."""
_MOST = 1000
"""The most draws in a piece."""
_AHEAD = 2
"""How many pieces are handed out for each thread that draws."""


class Pieces:
    """The draws still to be drawn, handed out in pieces that take some ``_SECONDS``.

    The first ones are small; how long they took says how large the next ones can be. Towards the
    end they get smaller, so that all ``workers`` end at about the same time.
    """

    def __init__(self, missing: Sequence[Piece], workers: int, at_once: int) -> None:
        self._missing = list(missing)
        self._workers = workers
        self._at_once = at_once
        self._size = at_once

    def took(self, draws: int, seconds: float) -> None:
        """So many draws took so long."""
        fitting = int(draws * _SECONDS / max(seconds, 1e-6))
        whole = fitting // self._at_once * self._at_once
        self._size = max(1, min(_MOST, whole or fitting))

    def __iter__(self) -> Iterator[Piece]:
        while self._missing:
            yield self._next()

    def _next(self) -> Piece:
        first, past = self._missing[0]
        left = sum(end - begin for begin, end in self._missing)
        share = -(-left // (2 * self._workers))
        end = min(past, first + min(self._size, max(self._at_once, share)))
        self._missing[:1] = [(end, past)] if end < past else []
        return first, end


def run(job: Job, store: KeptDraws, *, workers: int, scheduler: str | None, told: Told) -> None:
    """Draws what is missing in ``store``.

    Each draw follows from the seed and its number alone, so neither the number of workers nor who
    is lost changes a number. Raises UsageError for a cluster that cannot be reached or used.
    """
    missing = store.missing()
    done = store.draws - sum(past - first for first, past in missing)
    told(done)
    pieces = Pieces(missing, workers, job.at_once)
    if scheduler is not None:
        drawn = _on_cluster(job, missing, scheduler)
    elif workers > 1:
        drawn = _on_this_machine(job, pieces, workers)
    else:
        drawn = (_drawn(job, piece) for piece in pieces)
    for first, columns, seconds in drawn:
        draws = columns.shape[2]
        pieces.took(draws, seconds)
        store.keep(first, columns)
        done += draws
        told(done)


def _drawn(job: Job, piece: Piece) -> Drawn:
    begun = time.monotonic()
    columns = in_columns(job.draws(*piece))
    return piece[0], columns, time.monotonic() - begun


def _on_this_machine(job: Job, pieces: Pieces, workers: int) -> Iterator[Drawn]:
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=workers, return_as="generator_unordered", pre_dispatch=_AHEAD * workers
    )
    yield from parallel(delayed(_drawn)(job, piece) for piece in pieces)


def _on_cluster(job: Job, missing: Sequence[Piece], address: str) -> Iterator[Drawn]:
    """The pieces as they come.

    The job is sent to every worker once; so many pieces are out at a time as keep all threads busy.
    A piece whose worker is lost is drawn again by another; where all who had the job are lost, it
    is sent again.
    """
    try:
        from distributed import as_completed
    except ImportError:
        raise UsageError(message("drawing.needs-distributed")) from None
    with _client(address) as client:
        _refuse_other_versions(client, address)
        cluster = _Cluster(client, job)
        pieces = Pieces(missing, cluster.threads, job.at_once)
        waiting = iter(pieces)
        done = as_completed(loop=client.loop)
        out = 0
        while True:
            while out < _AHEAD * cluster.threads:
                piece = next(waiting, None)
                if piece is None:
                    break
                done.add(cluster.submit(piece))
                out += 1
            if not out:
                return
            future = next(done)
            if future.status in ("cancelled", "lost"):
                done.add(cluster.again(future))
                continue
            out -= 1
            drawn = future.result()
            cluster.forget(future)
            pieces.took(drawn[1].shape[2], drawn[2])
            yield drawn


class _Cluster:
    """A cluster that has the job, and the pieces that it was given."""

    def __init__(self, client: Client, job: Job) -> None:
        self._client = client
        self._job = job
        self._sent = self._send()
        self._given: dict[str, tuple[Piece, int]] = {}
        self._times = 0
        self.threads = max(1, sum(client.nthreads().values()))

    def submit(self, piece: Piece, times: int = 0) -> Future:
        """Gives ``piece`` to a worker."""
        future = self._client.submit(_drawn, self._sent, piece, pure=False, retries=_TIMES)
        self._given[future.key] = piece, times
        return future

    def again(self, future: Future) -> Future:
        """Gives the piece of ``future``, which is lost, to a worker that has the job."""
        piece, times = self._given.pop(future.key)
        if times >= _TIMES:
            raise UsageError(message("drawing.no-workers", address=self._client.scheduler.address))
        if self._sent.status in ("cancelled", "lost"):
            self._sent = self._send()
        return self.submit(piece, times + 1)

    def forget(self, future: Future) -> None:
        """The piece of ``future`` is kept, and the threads that there are now are counted."""
        del self._given[future.key]
        future.release()

    def _send(self) -> Future:
        sent: Future = self._client.scatter(self._job, broadcast=True, hash=False)
        return sent


def _client(address: str) -> Client:
    from distributed import Client
    from distributed.comm import resolve_address

    try:
        resolve_address(address)
        return Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            message("drawing.no-scheduler", address=address, fault=library_fault(error))
        ) from None


def _refuse_other_versions(client: Client, address: str) -> None:
    """Raises UsageError where no worker is there, or one has another version of this program."""
    found = client.run(version)
    if not found:
        raise UsageError(message("drawing.no-workers", address=address))
    for worker, theirs in found.items():
        if theirs != __version__:
            raise UsageError(
                message("drawing.other-version", worker=worker, theirs=theirs, ours=__version__)
            )


def version() -> str:
    """The version of this program where it runs."""
    return __version__
