"""Names: sources spell a team in many ways, the service in one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

_AFFIXES = frozenset({"fc", "afc", "cf", "sc", "ac", "as", "ssc", "club", "calcio"})
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^a-z0-9 ]+")


def strip_accents(text: str) -> str:
    """Replace accented letters by plain ones."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def team_key(name: str) -> str:
    """Return the form under which team names are compared: plain letters, no club affixes."""
    plain = _NOT_WORD.sub(" ", strip_accents(name).lower())
    words = [word for word in plain.split() if word not in _AFFIXES]
    return " ".join(words) or plain.strip()


def slugify(text: str) -> str:
    """Return the text as a part of a URL or a path."""
    plain = _NOT_WORD.sub(" ", strip_accents(text).lower())
    return _SPACES.sub("-", plain.strip())


def truncate(text: str, limit: int) -> str:
    """Shorten the text to ``limit`` characters, with an ellipsis where something went."""
    if limit < 1:
        raise ValueError("limit must be at least 1")
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


class TeamMatcher:
    """Finds which known team a source's spelling means."""

    def __init__(self, teams: Iterable[str], aliases: Mapping[str, str] | None = None, *, cutoff: float = 0.85) -> None:
        self._by_key = {team_key(team): team for team in teams}
        self._cutoff = cutoff
        for alias, team in (aliases or {}).items():
            if team_key(team) not in self._by_key:
                raise ValueError(f"alias {alias!r} points to an unknown team {team!r}")
            self._by_key[team_key(alias)] = self._by_key[team_key(team)]

    def match(self, name: str) -> str | None:
        """Return the known team, or None when no spelling is near enough."""
        key = team_key(name)
        if key in self._by_key:
            return self._by_key[key]
        near = difflib.get_close_matches(key, self._by_key, n=1, cutoff=self._cutoff)
        return self._by_key[near[0]] if near else None

    def match_all(self, names: Iterable[str]) -> tuple[dict[str, str], list[str]]:
        """Match many names: the ones that were found, and the ones that nobody knows in the order given."""
        found: dict[str, str] = {}
        unknown: list[str] = []
        for name in names:
            team = self.match(name)
            if team is None:
                unknown.append(name)
            else:
                found[name] = team
        return found, unknown
