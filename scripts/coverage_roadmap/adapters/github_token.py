"""The token for a host: of the environment, or of GitHub's own program. It is never shown.

A config may come with a clone, from a stranger, and may name any host. So a token goes only where its owner means it to
go: that of github.com to github.com, that of an enterprise to the host that the environment names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from coverage_roadmap.adapters import processes
from coverage_roadmap.core.regex import regex
from coverage_roadmap.errors import ToolError, TrackerError

_TOKEN = regex(r"[!-~]{1,1000}")
_OURS, _ENTERPRISE = ("GH_TOKEN", "GITHUB_TOKEN"), ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")


def token(environ: Mapping[str, str], host: str, folder: Path) -> str:
    """The token for a host, which is the web page's, with a port if it has one.

    Raises:
        TrackerError: there is none, or none that can be one.
    """
    name, found = _of_environment(environ, host)
    if not found:
        name, found = "gh auth token", _of_program(environ, host, folder)
    if not found:
        where = _OURS[1] if _is_github(host) else f"{_ENTERPRISE[0]} with GH_HOST={host}"
        raise TrackerError(
            f"there is no token for {host}", next_step=f"set {where}, or gh auth login --hostname {host}"
        )
    if not _TOKEN.fullmatch(found):
        raise TrackerError("is no token: it has signs that none has", where=name, next_step="set it anew")
    return found


def _is_github(host: str) -> bool:
    return host == "github.com" or host.endswith(".ghe.com")


def _of_environment(environ: Mapping[str, str], host: str) -> tuple[str, str]:
    """The name of a variable and its value; empty where none is meant for this host."""
    runner = urlsplit(environ.get("GITHUB_SERVER_URL", "")).netloc
    ours = _is_github(host) or (runner == host and environ.get("GITHUB_ACTIONS") == "true")
    names = _OURS if ours else _ENTERPRISE if environ.get("GH_HOST") == host else ()
    return next(((name, environ[name].strip()) for name in names if environ.get(name, "").strip()), ("", ""))


def _of_program(environ: Mapping[str, str], host: str, folder: Path) -> str:
    try:
        done = processes.answer(["gh", "auth", "token", "--hostname", host], cwd=folder, env=environ, seconds=10)
    except ToolError:
        return ""
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""
