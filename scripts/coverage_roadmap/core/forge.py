"""Links to lines at a commit, on the forge that holds the project."""

from __future__ import annotations

from msgspec import Struct

from coverage_roadmap.core.regex import regex

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_HOST = r"[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?"
_SERVER = regex(rf"(https?)://({_HOST})/?")
_SLUG = regex(rf"{_NAME}(?:/{_NAME})+")
_REMOTES = (
    regex(rf"(https?)://({_HOST})/({_SLUG.pattern})/?"),
    regex(rf"(ssh)://git@([A-Za-z0-9][A-Za-z0-9.-]*)(?::[0-9]{{1,5}})?/({_SLUG.pattern})/?"),
    regex(rf"(git)@([A-Za-z0-9][A-Za-z0-9.-]*):({_SLUG.pattern})/?"),
)
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


class Forge(Struct, frozen=True):
    """Where a repository's files can be looked at."""

    url: str
    """The repository's page, without a slash at its end."""
    blob: str = "blob"
    """What stands before the commit in the address of a file."""
    end: str = "-L"
    """What stands before the last line of a range."""

    def lines(self, commit: str, path: str, first: int, last: int) -> str:
        """The address of lines of a file (its path from the repository's top) at a commit."""
        spot = f"#L{first}" + (f"{self.end}{last}" if last > first else "")
        return f"{self.url}/{self.blob}/{commit}/{_quoted(path)}{spot}"

    def branch(self, name: str) -> str:
        """The address of a branch."""
        return f"{self.url}/{self.blob.replace('blob', 'tree')}/{_quoted(name)}"


def _quoted(path: str) -> str:
    return "".join(chr(b) if b in _SAFE else f"%{b:02X}" for b in path.encode("utf-8", "surrogateescape"))


def of_actions(server: str, repository: str) -> Forge | None:
    """The forge that GitHub's runner names (GITHUB_SERVER_URL, GITHUB_REPOSITORY); None where it names none."""
    found = _SERVER.fullmatch(server)
    if found is None or not _SLUG.fullmatch(repository):
        return None
    return Forge(f"{found[1]}://{found[2]}/{repository}")


def of_remote(url: str) -> Forge | None:
    """The forge of a remote's address; None where it is no known one, or a name or password stands in the address."""
    found = next((match for form in _REMOTES if (match := form.fullmatch(url))), None)
    if found is None:
        return None
    scheme, host, slug = found.groups()
    slug = slug.removesuffix(".git")
    page = f"{scheme if scheme.startswith('http') else 'https'}://{host}/{slug}"
    if "gitlab" in host:
        return Forge(page, "-/blob", "-")
    return Forge(page) if "github" in host else None
