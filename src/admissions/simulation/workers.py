"""Who draws: this process, several on this machine, or a Dask cluster; the numbers are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import UsageError, library_fault
from admissions.model.messages import message
from admissions.model.version import __version__
from admissions.simulation.job import Job
from admissions.simulation.store import KeptDraws

if TYPE_CHECKING:
    from distributed import Client

Drawn = tuple[int, NDArray[np.int64]]
Told = Callable[[int], None]
"""Is told how many draws are done each time a chunk is kept."""
_TIMES = 10
"""How often a chunk may be on a worker that is lost before the run gives up."""
_PATIENCE = "10s"
"""How long a scheduler may take to answer."""


def run(job: Job, store: KeptDraws, *, workers: int, scheduler: str | None, told: Told) -> None:
    """Draws what is missing in ``store``.

    Each draw follows from the seed and its number alone, so neither the number of workers nor who
    is lost changes a number. Raises UsageError for a cluster that cannot be reached or used.
    """
    missing = store.missing()
    chunks = [(chunk, *store.bounds(chunk)) for chunk in missing]
    done = store.draws - sum(past - first for _, first, past in chunks)
    told(done)
    if scheduler is not None:
        drawn = _on_cluster(job, chunks, scheduler)
    elif workers > 1:
        drawn = _on_this_machine(job, chunks, workers)
    else:
        drawn = (_drawn(job, *chunk) for chunk in chunks)
    for chunk, values in drawn:
        store.keep(chunk, values)
        done += len(values)
        told(done)


def _drawn(job: Job, chunk: int, first: int, past: int) -> Drawn:
    return chunk, job.draws(first, past)


def _on_this_machine(job: Job, chunks: list[tuple[int, int, int]], workers: int) -> Iterator[Drawn]:
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=workers, return_as="generator_unordered")
    yield from parallel(delayed(_drawn)(job, *chunk) for chunk in chunks)


def _on_cluster(job: Job, chunks: list[tuple[int, int, int]], address: str) -> Iterator[Drawn]:
    """The chunks as they come; one whose worker is lost is drawn again by another."""
    try:
        from distributed import as_completed
    except ImportError:
        raise UsageError(message("drawing.needs-distributed")) from None
    with _client(address) as client:
        _refuse_other_versions(client, address)
        futures = [
            client.submit(_drawn, job, *chunk, pure=False, retries=_TIMES) for chunk in chunks
        ]
        for future in as_completed(futures, loop=client.loop):
            yield future.result()
            future.release()


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
