"""Git, as a subprocess: what is committed, what differs, where branches are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from coverage_roadmap.adapters import processes
from coverage_roadmap.core.text import without_secrets
from coverage_roadmap.errors import ToolError

_ENV = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}

_DROPPED = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF"}


class Repository(Struct, frozen=True):
    """A project in a git repository."""

    top: Path
    project: Path
    prefix: str
    """The project's path from the top, with a slash at its end; empty at the top."""
    head: str | None
    """The commit that is checked out; None before the first."""
    branch: str | None
    """The branch that is checked out; None where HEAD is detached."""


def run(folder: Path, *words: str, stdin: bytes | None = None, seconds: float | None = None) -> bytes:
    """Git's output; `seconds` is how long it may take where that is not a local question.

    Raises:
        ToolError: git is missing, took too long, or refused; with its last line, less what may be secret in it.
    """
    limit = {} if seconds is None else {"seconds": seconds}
    done = processes.answer(["git", *words], cwd=folder, env=_environment(), stdin=stdin, **limit)
    if done.returncode:
        told = (done.stderr if seconds is None else done.stdout + done.stderr).decode("utf-8", "replace")
        lines = [line for line in told.splitlines() if line.strip()] or [f"exit status {done.returncode}"]
        raise ToolError(without_secrets(lines[-1] if seconds is None else "; ".join(lines)), where=f"git {words[0]}")
    return done.stdout


def _environment() -> dict[str, str]:
    """Ours, less what would point git at another repository or change what it shows."""
    return {**{key: value for key, value in os.environ.items() if key not in _DROPPED}, **_ENV}


def find(project: Path) -> Repository | None:
    """The repository that holds `project`; None where there is none, or no git.

    Raises:
        ToolError: git refuses the repository, since another user owns it.
    """
    try:
        out = os.fsdecode(run(project, *_WHERE, "HEAD^{commit}", "--symbolic-full-name", "HEAD"))
        if out.count("\n") == len(_WHERE) + 1:
            top, prefix, head, branch, _ = out.split("\n")
            return Repository(Path(top), project, prefix, head, _short(branch))
    except ToolError as error:
        if "safe.directory" in error.what:
            refused = "git refuses the repository, since another user owns it"
            raise ToolError(refused, where=str(project), next_step=error.what.strip()) from error
    return _asked_one_by_one(project)


_WHERE = ("rev-parse", "--show-toplevel", "--show-prefix")


def _short(branch: str) -> str | None:
    shown = os.fsencode(branch).decode("utf-8", "replace")
    return shown.removeprefix("refs/heads/") if shown.startswith("refs/heads/") else None


def _asked_one_by_one(project: Path) -> Repository | None:
    """The same where nothing is committed yet, or a folder's name holds a line end."""
    try:
        top, prefix = (os.fsdecode(run(project, "rev-parse", word)[:-1]) for word in _WHERE[1:])
    except ToolError:
        return None
    return Repository(Path(top), project, prefix, resolve(project, "HEAD"), _branch(project))


def resolve(folder: Path, revision: str) -> str | None:
    """The commit that a revision names; None where there is none."""
    try:
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return run(folder, *words).decode().strip()
    except ToolError:
        return None


def _branch(folder: Path) -> str | None:
    try:
        return run(folder, "symbolic-ref", "--quiet", "--short", "HEAD").decode("utf-8", "replace").strip()
    except ToolError:
        return None


def blobs_at(repository: Repository, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """The files below `paths` (from the project) as committed: path in the project, with the hash of its content."""
    if not paths:
        return {}
    out = run(repository.project, "ls-tree", "-r", "-z", commit, "--", *paths)
    return dict(_tree_entry(entry) for entry in entries(out) if b" blob " in entry.split(b"\t")[0])


def files_at(repository: Repository, commit: str) -> dict[str, str]:
    """The project's regular files as committed, no symbolic links and submodules: path, with its content's hash."""
    out = run(repository.project, "ls-tree", "-r", "-z", commit, "--", ".")
    return dict(_tree_entry(entry) for entry in entries(out) if entry.startswith(b"100"))


def _tree_entry(entry: bytes) -> tuple[str, str]:
    meta, path = entry.split(b"\t", 1)
    return os.fsdecode(path), meta.split(b" ")[2].decode()


def blobs_now(repository: Repository, paths: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The files below `paths` as they lie in the work tree, less ignored ones; and which of them differ from HEAD."""
    if not paths:
        return {}, []
    at_head = blobs_at(repository, repository.head, paths) if repository.head else {}
    status = entries(
        run(repository.project, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *paths)
    )
    changed = [os.path.relpath(os.fsdecode(entry[3:]), repository.prefix or ".") for entry in status]
    present = [path for path in changed if (repository.project / path).is_file()]
    blobs = {path: blob for path, blob in at_head.items() if path not in set(changed)}
    for batch in range(0, len(present), 400):
        paths_now = present[batch : batch + 400]
        hashed = run(repository.project, "hash-object", "--", *paths_now).decode().split()
        blobs.update(zip(paths_now, hashed, strict=True))
    return blobs, [path for path in changed if blobs.get(path) != at_head.get(path)]


def listed(repository: Repository) -> list[str]:
    """The files of the project that git knows or would add: paths in the project, sorted. Submodules' are left out."""
    out = run(repository.project, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    return sorted(os.fsdecode(entry) for entry in entries(out))


def entries(out: bytes) -> list[bytes]:
    """The entries of a listing that git ended with nulls."""
    return [entry for entry in out.split(b"\0") if entry]


def contents_at(repository: Repository, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """The texts of the files at `paths` (from the project) as committed; those that are not there are left out."""
    blobs = blobs_at(repository, commit, paths)
    wanted = [path for path in paths if path in blobs]
    contents = read_blobs(repository, [blobs[path] for path in wanted])
    return {path: content.decode("utf-8", "replace") for path, content in zip(wanted, contents, strict=True)}


def read_blobs(repository: Repository, blobs: Sequence[str]) -> list[bytes]:
    """The contents of blobs, in their order.

    Raises:
        ToolError: git has one of them not.
    """
    if not blobs:
        return []
    out = run(repository.project, "cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in blobs).encode())
    contents = []
    position = 0
    for blob in blobs:
        end = out.index(b"\n", position)
        header = out[position:end].split(b" ")
        if len(header) != 3:
            raise ToolError(f"object {blob[:12]} is missing", where="git cat-file", next_step="git fetch")
        size = int(header[2])
        contents.append(out[end + 1 : end + 1 + size])
        position = end + size + 2
    return contents


def tree_children(repository: Repository, tree: str, paths: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What a tree holds at `paths`, or directly below them where they end with a slash: files, and folders, by path."""
    out = entries(run(repository.top, "ls-tree", "-z", tree, "--", *paths))
    files, folders = ([one for one in out if one.startswith(mode)] for mode in (b"100", b"040000"))
    return dict(map(_tree_entry, files)), dict(map(_tree_entry, folders))


def tree_files(repository: Repository, tree: str, *, below: bool = False, paths: Sequence[str] = ()) -> dict[str, str]:
    """The regular files of a tree (at `paths`, where some are named), and where `below` is said of its folders too:
    blobs by path."""
    out = run(repository.top, "ls-tree", *(["-r"] if below else []), "-z", "--full-tree", tree, "--", *paths)
    return dict(_tree_entry(entry) for entry in entries(out) if entry.startswith(b"100"))


def blob_sizes(repository: Repository, blobs: Sequence[str]) -> list[int]:
    """How large blobs are, in their order; 0 for one that git has not. Bytes."""
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    told = run(repository.project, "cat-file", "--batch-check=%(objectsize)", stdin=asked).splitlines()
    return [int(line) if line.isdigit() else 0 for line in told]


def default_branch(repository: Repository, configured: str) -> str | None:
    """The default branch as a revision: the configured one, else origin/HEAD's, else main, else master.

    Both the local and the remote-tracking branch are looked for; the local one is named where it is there.
    """
    head = "refs/remotes/origin/HEAD"
    names = [configured] if configured else ["main", "master"]
    there = references(repository, "%(symref)", *_places(names), head)
    target = "" if configured else there.get(head, "").removeprefix("refs/remotes/origin/")
    if target:
        there |= references(repository, "%(symref)", *_places([target]))
        names = [target, *names]
    return next((one for one in _places(names) if one in there), None)


def _places(names: Sequence[str]) -> list[str]:
    return [f"{where}/{name}" for name in names for where in ("refs/heads", "refs/remotes/origin")]


def references(repository: Repository, wanted: str, *names: str) -> dict[str, str]:
    """Those of the full names that are there, each with what is `wanted` of it; in one question."""
    out = run(repository.project, "for-each-ref", f"--format=%(refname) {wanted}", *names)
    told = dict(line.split(" ", 1) for line in out.decode("utf-8", "replace").splitlines())
    return {name: told[name] for name in names if name in told}


def tracking(repository: Repository, branch: str) -> str | None:
    """The remote-tracking branch of a local one: the one that its config names, else origin's; None without one."""
    if not branch.startswith("refs/heads/"):
        return None
    origin = branch.replace("refs/heads/", "refs/remotes/origin/", 1)
    there = references(repository, "%(upstream)", branch, origin)
    set_up = there.get(branch, "")
    if set_up not in ("", origin) and resolve(repository.project, set_up):
        return set_up
    return origin if origin in there else None


def is_ancestor(folder: Path, commit: str, tip: str) -> bool:
    """Whether `tip` is the commit or comes after it; False where this clone has not both."""
    try:
        run(folder, "merge-base", "--is-ancestor", "--end-of-options", commit, tip)
    except ToolError:
        return False
    return True


def commit(repository: Repository, paths: Sequence[str], message: str) -> None:
    """Commit just these files (paths from the project), whatever else is staged.

    Raises:
        ToolError: git, or one of its hooks, refused.
    """
    run(repository.project, "add", "--", *paths)
    run(repository.project, "commit", "--quiet", "--only", "-m", message, "--", *paths)


def merge_base(repository: Repository, *branches: str) -> str | None:
    """The commit at which HEAD left a branch, or the last of several; None where there is none in this clone.

    A shallow clone may have none.
    """
    return merge_base_of(repository, repository.head, *branches) if repository.head and branches else None


def merge_base_of(repository: Repository, one: str, *others: str) -> str | None:
    """The last commit that one has in common with one of the others; None where there is none in this clone."""
    try:
        return run(repository.project, "merge-base", "--end-of-options", one, *others).decode().strip()
    except ToolError:
        return None


def is_shallow(repository: Repository) -> bool:
    """Whether the clone lacks older commits."""
    return run(repository.project, "rev-parse", "--is-shallow-repository").strip() == b"true"


def untracked(repository: Repository, paths: Sequence[str]) -> list[str]:
    """The files below `paths` that git does not know and does not ignore: paths in the project, sorted."""
    out = run(repository.project, "ls-files", "-z", "--others", "--exclude-standard", "--", *paths)
    return sorted(os.fsdecode(entry) for entry in entries(out))


def setting(repository: Repository, key: str) -> str:
    """A value of git's own config; empty where it is not set."""
    try:
        return run(repository.project, "config", "--get", key).decode("utf-8", "replace").strip()
    except ToolError:
        return ""


def attribute(repository: Repository, name: str, path: str) -> str:
    """What the attribute of a file is set to, such as its merge driver; `unspecified` where it is not."""
    out = run(repository.project, "check-attr", "-z", name, "--", path)
    return entries(out)[2].decode("utf-8", "replace")
