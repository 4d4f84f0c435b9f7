"""The collectors: what to ask the source for, and what to do with the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from src.collectors.client import ApiClient
from src.collectors.parsers import Row, parse_fixture, parse_many, parse_odds, parse_score
from src.core.exceptions import CollectionError
from src.core.logger import get_logger
from src.utilities.iterables import chunked, unique

ODDS_CHUNK = 20
MAX_PARALLEL = 4

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CollectionResult:
    """Rows that were collected, and what was refused on the way."""

    source: str
    rows: list[Row] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """``ok``, ``partial`` when something was refused, ``failed`` when all of it was."""
        if not self.refused:
            return "ok"
        return "partial" if self.rows else "failed"


def _items(answer: Any, name: str) -> Sequence[Any]:
    """Take the list out of an answer; anything else means that the source has changed its format."""
    items = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(items, list):
        raise CollectionError(f"the answer holds no list of {name}", retryable=False)
    return items


class FixturesCollector:
    """Collects the matches of the days ahead."""

    source = "fixtures"

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def collect(self, first: date, days: int) -> CollectionResult:
        """Collect the matches of ``days`` days, beginning with ``first``."""
        last = first + timedelta(days=days - 1)
        params = {"dateFrom": first.isoformat(), "dateTo": last.isoformat()}
        answer = await self._client.get_json("matches", params)
        rows, refused = parse_many(_items(answer, "matches"), parse_fixture)
        return CollectionResult(self.source, rows, refused)


class ScoresCollector:
    """Collects the scores of matches that are being played or have just ended."""

    source = "scores"

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def collect(self) -> CollectionResult:
        """Collect all scores of now."""
        answer = await self._client.get_json("matches", {"status": "LIVE,FINISHED"})
        rows, refused = parse_many(_items(answer, "matches"), parse_score)
        return CollectionResult(self.source, rows, refused)


class OddsCollector:
    """Collects quotes, in several requests at once when there are many matches."""

    source = "odds"

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def collect(self, match_ids: Sequence[int]) -> CollectionResult:
        """Collect the quotes of some matches; requests that fail are reported unless all of them do."""
        gate = asyncio.Semaphore(MAX_PARALLEL)

        async def fetch(ids: list[int]) -> Any:
            async with gate:
                return await self._client.get_json("odds", {"matches": ",".join(map(str, ids))})

        chunks = list(chunked(unique(match_ids), ODDS_CHUNK))
        answers = await asyncio.gather(*(fetch(chunk) for chunk in chunks), return_exceptions=True)
        errors = [answer for answer in answers if isinstance(answer, BaseException)]
        unforeseen = [error for error in errors if not isinstance(error, CollectionError)]
        if unforeseen or (errors and len(errors) == len(chunks)):
            raise (unforeseen or errors)[0]
        result = CollectionResult(self.source)
        for answer in answers:
            if isinstance(answer, CollectionError):
                result.refused.append(answer.message)
                continue
            rows, refused = parse_many(_items(answer, "odds"), parse_odds)
            result.rows.extend(rows)
            result.refused.extend(refused)
        logger.info("collected %d quotes in %d requests", len(result.rows), len(chunks))
        return result
