"""The worker: a process of low priority that takes jobs and does each in a process of its own.

A job's process can be ended at any time (cancelled, out of time, the server killed) without harm:
its result is stored in one transaction, and only by the attempt that holds the job.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
from time import monotonic, sleep

import structlog
from sqlalchemy.exc import DBAPIError

from admissions.model.errors import AdmissionsError
from admissions_api.clock import today
from admissions_api.edge import fault_of, log_as_json
from admissions_api.jobs import queue
from admissions_api.jobs.calling import carry_out_due
from admissions_api.jobs.task import Task
from admissions_api.jobs.work import KINDS
from admissions_api.keeping.retention import keep_no_longer
from admissions_api.problems import ProblemError, fault, problem_table, refused
from admissions_api.settings import Settings, settings_from
from admissions_api.storage_faults import AWAY, fault_of_storage, told
from admissions_api.store import Store
from admissions_api.store.audit import last_erasure
from admissions_api.temporary import use_own_folder

ROUNDS_ALONE = "rounds"
EVERYTHING = "everything"
POLL_SECONDS = 0.2
BEAT_SECONDS = 0.5
SWEEP_SECONDS = 3600
"""So often what is older than the settings say is erased."""
DUE_SECONDS = 30
"""So often a worker looks whether a deadline or a reminder is due."""
AGAIN_SECONDS = 5
"""So long a worker waits while the storage refuses."""

_log = structlog.get_logger("admissions.worker")


def work_on(store: Store, settings: Settings, taken: queue.TakenJob) -> None:
    """Does one job in this process, and ends it with its result or its problem.

    Where anybody was erased meanwhile it is done again: its result would bring them back.
    """
    told = 0.0
    with store.reading() as session:
        read_after = last_erasure(session)

    def tell(done: int, total: int) -> None:
        nonlocal told
        if done >= total or monotonic() - told > POLL_SECONDS:
            told = monotonic()
            queue.tell_progress(store, taken, done, total)

    try:
        outcome = KINDS[taken.kind](Task(taken.id, store, settings, taken.request, tell))
        with store.writing() as session:
            keep = outcome.keep
            if last_erasure(session) != read_after:
                keep = outcome.keep_left
                if keep is None:
                    queue.again(session, taken)
                    return
            current = queue.finish(session, taken, outcome.result, outcome.location, outcome.target)
            if current and keep is not None:
                keep(session)
    except ProblemError as error:
        queue.fail(store, taken, problem_table(error, f"/v1/jobs/{taken.id}"))
    except AdmissionsError as error:
        queue.fail(store, taken, problem_table(refused(error), f"/v1/jobs/{taken.id}"))
    except Exception as error:  # noqa: BLE001 - a job's fault must not end the worker
        _log.error("job failed", job=taken.id, kind=taken.kind, **fault_of(error))
        queue.fail(store, taken, problem_table(fault(), f"/v1/jobs/{taken.id}"))


def work_on_next(store: Store, settings: Settings, *, later: bool = True) -> bool:
    """Does the next job in this process; False when there is none.

    Without ``later`` what a round's work does not wait for is left to the server's workers.
    """
    queue.recover_lost(store)
    taken = queue.take(store, later=later)
    if taken is None:
        return False
    work_on(store, settings, taken)
    return True


class Worker:
    """Takes jobs until the server that started it is gone, or it is told to end.

    One without ``later`` is kept free for the work of rounds (``queue.LATER``).
    """

    def __init__(self, settings: Settings, server: int, *, later: bool) -> None:
        self._settings = settings
        self._later = later
        self._store = Store(settings.database_url)
        self._server = server
        self._ending = False
        self._sweeping_at = 0.0
        self._look_at = 0.0

    def run(self) -> None:
        """Works until the end; a job that is running then is queued again."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while not self._must_end():
            try:
                self._next()
            except (DBAPIError, OSError) as error:
                fault = fault_of_storage(error)
                if fault is None:
                    raise
                told(fault)
                sleep(AGAIN_SECONDS)
        self._store.close()

    def _next(self) -> None:
        queue.recover_lost(self._store)
        self._look_what_is_due()
        taken = queue.take(self._store, later=self._later)
        if taken is None and not self._later and monotonic() > self._sweeping_at:
            self._sweeping_at = monotonic() + SWEEP_SECONDS
            keep_no_longer(self._store, self._settings)
        elif taken is None:
            sleep(POLL_SECONDS)
        else:
            self._supervise(taken)

    def _look_what_is_due(self) -> None:
        """Carries out reminders and deadlines of seasons whose day has come, now and then."""
        if monotonic() < self._look_at:
            return
        self._look_at = monotonic() + DUE_SECONDS
        try:
            carry_out_due(self._store, today())
        except AdmissionsError as error:
            _log.error("what is due could not be carried out", fault=str(error))

    def _end(self, _number: int, _frame: object) -> None:
        self._ending = True

    def _must_end(self) -> bool:
        return self._ending or os.getppid() != self._server

    def _supervise(self, taken: queue.TakenJob) -> None:
        _log.info("job taken", job=taken.id, kind=taken.kind, attempt=taken.attempt)
        self._store.close()
        process = multiprocessing.get_context("fork").Process(
            target=_in_own_process, args=(self._settings, taken)
        )
        process.start()
        end = monotonic() + self._settings.job_seconds
        while process.is_alive():
            process.join(BEAT_SECONDS if not self._must_end() else 0)
            if not process.is_alive():
                break
            if self._must_end():
                _kill(process)
                queue.give_back(self._store, taken)
            elif monotonic() > end:
                _kill(process)
                queue.fail(self._store, taken, _out_of_time(self._settings, taken))
            elif not self._is_ours(taken):
                _kill(process)
                queue.stop(self._store, taken)
        if process.exitcode not in (0, -signal.SIGKILL):
            queue.fail(self._store, taken, problem_table(fault(), f"/v1/jobs/{taken.id}"))
        _log.info("job ended", job=taken.id, kind=taken.kind)

    def _is_ours(self, taken: queue.TakenJob) -> bool:
        """Whether the job goes on; while the storage refuses a sign of life it does."""
        try:
            return queue.beat(self._store, taken)
        except DBAPIError as error:
            told(fault_of_storage(error) or AWAY)
            return True


def _kill(process: multiprocessing.process.BaseProcess) -> None:
    process.kill()
    process.join()


def _out_of_time(settings: Settings, taken: queue.TakenJob) -> dict[str, object]:
    problem = ProblemError(
        503,
        f"the job ran longer than {settings.job_seconds} seconds and was ended",
        "Maybe ask for less; ADMISSIONS_JOB_SECONDS sets the limit.",
    )
    return problem_table(problem, f"/v1/jobs/{taken.id}")


def _in_own_process(settings: Settings, taken: queue.TakenJob) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    store = Store(settings.database_url)
    work_on(store, settings, taken)
    store.close()


def _end_with(parent: int) -> None:
    """Ends this process when its parent is gone, however that was ended."""
    while os.getppid() == parent:
        sleep(POLL_SECONDS)
    os._exit(1)


def main() -> None:
    """Runs a worker by its environment; arguments: the server's process id, which jobs it does."""
    settings = settings_from(os.environ)
    os.nice(settings.niceness)
    log_as_json()
    own = use_own_folder(settings.home)
    try:
        Worker(settings, int(sys.argv[1]), later=sys.argv[2] != ROUNDS_ALONE).run()
    finally:
        shutil.rmtree(own, ignore_errors=True)


if __name__ == "__main__":
    main()
