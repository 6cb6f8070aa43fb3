"""The code blocks of a document, and how each kind is tried.

A document is one session in one folder, which holds the shipped round as ``ROUND``:

- ``console``: lines that begin with ``$`` are run, in order. When the next block is ``text`` it is
  what the last of them prints, to the letter; a line ``…`` stands for any lines. Output that begins
  with ``error:`` belongs to a command that is refused (exit code 2). Where no output is shown a
  simulation makes one draw in place of many. A server is started at a port that is free.
- ``toml``, ``json``, ``csv``: parsed; with a title written as a file of that name.
- ``python``: run as a script.
- ``bat``: for Windows; the programs that it names are among those that an installation has.
- ``text`` elsewhere is a drawing; any other kind is refused.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
FENCE = re.compile(r"^( *)```([a-z]*)(?: ([^\n]*))?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SKIPPED = "…"


@dataclass(frozen=True)
class Block:
    kind: str
    title: str
    text: str


def documents() -> list[Path]:
    """Every document that is written by hand."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text: str) -> list[Block]:
    found = []
    for match in FENCE.finditer(text):
        indent, kind, options, body = match.groups()
        title = re.search(r'title="([^"]+)"', options or "")
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        found.append(Block(kind, title[1] if title else "", "\n".join(lines)))
    return found


def commands(block: Block) -> list[str]:
    """The commands of a console block; a line that ends with a backslash goes on."""
    joined = block.text.replace("\\\n", "")
    lines = joined.splitlines()
    assert all(line.startswith("$ ") for line in lines), block.text
    return [line.removeprefix("$ ") for line in lines]


def try_document(path: Path, folder: Path) -> None:
    shutil.copytree(ROOT / "scenarios/rounds/2019", folder / "ROUND")
    try:
        try_blocks(path, folder)
    finally:
        end_server(folder)


def end_server(folder: Path) -> None:
    """Ends the server that the document has started, whatever became of the blocks."""
    started = folder / "server.pid"
    if started.exists():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(started.read_text()), signal.SIGKILL)


def with_free_ports(text: str) -> str:
    """``text`` with each port that a server is started at replaced by one that is free here."""
    for port in sorted(set(re.findall(r"--port (\d+)", text))):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            text = text.replace(port, str(free.getsockname()[1]))
    return text


def try_blocks(path: Path, folder: Path) -> None:
    found = blocks(with_free_ports(path.read_text(encoding="utf-8")))
    for number, block in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else Block("", "", "")
        follows = after.kind == "text"
        if block.kind == "console":
            *before, last = commands(block)
            for command in before:
                run(few_draws(command), folder, refused=False)
            refused = follows and after.text.startswith("error:")
            printed = run(last if follows else few_draws(last), folder, refused=refused)
            if follows:
                assert matches(after.text, printed), f"{last}\nprints\n{printed}"
        elif block.kind == "python":
            run_python(block.text, folder)
        else:
            read(block)
            if block.title:
                target = folder / block.title
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text + "\n", encoding="utf-8")


def read(block: Block) -> None:
    """Refuses a block that cannot be read as what it says it is."""
    if block.kind == "toml":
        tomllib.loads(block.text)
    elif block.kind == "json":
        json.loads(block.text)
    elif block.kind == "csv":
        delimiter = ";" if ";" in block.text else ","
        rows = list(csv.reader(block.text.splitlines(), delimiter=delimiter))
        assert {len(row) for row in rows} == {len(rows[0])}, block.text
    elif block.kind == "bat":
        for program in re.findall(r"\.venv\\Scripts\\(\S+)", block.text):
            assert (BIN / program).is_file(), f"Windows would have no {program}"
    else:
        assert block.kind == "text", f"no way to try a block of kind {block.kind!r}"


def few_draws(command: str) -> str:
    """``command`` with one draw in place of many: for where nothing of what it prints is shown."""
    return re.sub(r"--draws \d+", "--draws 1", command)


def run(command: str, folder: Path, *, refused: bool) -> str:
    """What ``command`` prints in ``folder``."""
    make = re.fullmatch(r"make ([a-z-]+)", command)
    if make:
        recipe = recipe_of(make[1])
        if make[1] != "demo":
            return ""
        command = recipe
    command = command.replace(".venv/bin/", "")
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}, check=False,
    )  # fmt: skip
    assert done.returncode == (2 if refused else 0), f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr if refused else done.stdout


def recipe_of(target: str) -> str:
    """The first command of a target of the Makefile, which must exist."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n\t(.+)$", makefile, re.MULTILINE)
    assert found, f"the Makefile has no target {target}"
    return found[1].replace("$(BIN)/", "")


def run_python(code: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"


def matches(wanted: str, printed: str) -> bool:
    """Whether ``printed`` is ``wanted``, where a line ``…`` may be any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == SKIPPED else re.escape(line.rstrip()) + r"\n"
        for line in wanted.rstrip().splitlines()
    )
    trimmed = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, trimmed) is not None
