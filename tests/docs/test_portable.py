"""The engine runs where there is no POSIX: it imports and calls nothing that Windows lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parents[2] / "src" / "admissions"
POSIX_MODULES = {
    "crypt", "curses", "fcntl", "grp", "nis", "ossaudiodev", "posix", "pty", "pwd", "resource",
    "spwd", "syslog", "termios", "tty",
}  # fmt: skip
POSIX_NAMES = {
    "os": {"chown", "chroot", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid",
           "getuid", "initgroups", "killpg", "mkfifo", "nice", "setsid", "setuid", "uname", "wait"},
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2", "alarm", "pause",
               "pthread_sigmask", "setitimer", "sigwait"},
    "time": {"tzset"},
}  # fmt: skip
BOTH_WAYS_IN = {"model/lock.py"}
"""What asks first which system it is on, and has a way for each."""

SIGNALS_IN = {"cli/__init__.py"}
"""Where signals are handled at all."""


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ENGINE.rglob("*.py")):
        name = path.relative_to(ENGINE).as_posix()
        yield name, ast.parse(path.read_text(encoding="utf-8"), name)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _posix_only(tree: ast.Module) -> Iterator[str]:
    yield from (name for name in _imported(tree) if name in POSIX_MODULES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in POSIX_NAMES.get(node.value.id, ()):
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in POSIX_NAMES:
            names = {alias.name for alias in node.names}
            yield from (f"{node.module}.{name}" for name in names & POSIX_NAMES[node.module])


def test_nothing_that_windows_lacks_is_imported_or_called() -> None:
    found = {name: wrong for name, tree in _modules() if (wrong := [*_posix_only(tree)])}
    assert {name for name in found if name not in BOTH_WAYS_IN} == set(), found
    for name in BOTH_WAYS_IN:
        assert 'sys.platform == "win32"' in (ENGINE / name).read_text(encoding="utf-8")


def test_signals_are_handled_in_one_module() -> None:
    assert {name for name, tree in _modules() if "signal" in _imported(tree)} == SIGNALS_IN


@pytest.mark.parametrize(
    "code", ["import fcntl", "from pwd import getpwnam", "import os\nos.fork()",
             "from signal import SIGKILL"],
)  # fmt: skip
def test_the_check_finds_what_it_looks_for(code: str) -> None:
    assert [*_posix_only(ast.parse(code))]
