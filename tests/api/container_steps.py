"""The steps of deploy/Containerfile in a clean folder: ``python -m tests.api.container_steps``.

What needs base images from elsewhere is left out: the interpreter is this one. The program is
installed from what is committed, started as nobody's user where that may be, and its health asked.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.api.serving import free_port, until

REPOSITORY = Path(__file__).parents[2]
USER = "10001"


def main() -> None:
    """Builds, starts, asks and stops. Raises CalledProcessError where a step fails."""
    text = (REPOSITORY / "deploy" / "Containerfile").read_text().replace("\\\n", " ")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        source, program, home = place / "source", place / "program", place / "home"
        source.mkdir()
        _copied(source)
        build = next(
            line for line in re.findall(r"^RUN (.*)$", text, re.M) if "pip install" in line
        )
        step = build.replace("/opt/admissions", str(program)).replace(
            "python -m", f"{sys.executable} -m"
        )
        subprocess.run(["/bin/sh", "-ec", step], cwd=source, check=True)
        home.mkdir(mode=0o700)
        _try(text, program, home)


def _copied(source: Path) -> None:
    """What is committed, but what the build leaves out."""
    left_out = (REPOSITORY / "deploy" / "Containerfile.dockerignore").read_text().split()
    paths = [f":(exclude){one}" for one in left_out if "*" not in one and one != ".git"]
    packed = subprocess.run(
        ["git", "archive", "HEAD", "--", ".", *paths],
        cwd=REPOSITORY, check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(["tar", "-x", "-C", source], input=packed.stdout, check=True)


def _try(text: str, program: Path, home: Path) -> None:
    port = str(free_port())
    as_nobody: list[str] = []
    if os.getuid() == 0 and _for_all(Path(sys.executable).resolve()):
        os.chown(home, int(USER), int(USER))
        as_nobody = [
            "setpriv",
            "--reuid",
            USER,
            "--regid",
            USER,
            "--clear-groups",
            "--no-new-privs",
        ]
    environment = {
        "PATH": f"{program}/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "ADMISSIONS_HOME": str(home),
    }
    serve = json.loads(re.findall(r"^CMD (.*)$", text, re.M)[0].replace("8000", port))
    ask = json.loads(re.findall(r"^\s+CMD (\[.*\])$|HEALTHCHECK.*CMD (\[.*\])$", text, re.M)[0][1])
    command = [*as_nobody, *(one.replace("8000", port) for one in ask)]
    server = subprocess.Popen([*as_nobody, *serve], cwd="/", env=environment)
    try:
        until(lambda: _asked(server, command, environment), "the health check")
    finally:
        server.terminate()
    if server.wait(60) not in (0, -15):
        raise SystemExit("it did not stop by itself")
    who = "nobody" if as_nobody else "this user, whose interpreter is nobody else's"
    sys.stdout.write(f"built, started as {who}, healthy, stopped\n")


def _asked(
    server: subprocess.Popen[bytes], command: list[str], environment: dict[str, str]
) -> bool:
    if server.poll() is not None:
        raise SystemExit(f"the server ended: {server.returncode}")
    found = subprocess.run(command, env=environment, check=False, capture_output=True)
    return found.returncode == 0


def _for_all(file: Path) -> bool:
    """Whether everybody may run ``file``."""
    return all(place.stat().st_mode & 0o001 for place in (file, *file.parents))


if __name__ == "__main__":
    main()
