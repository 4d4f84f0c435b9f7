"""The HTTP client of the outside football API."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from src.collectors.rate_limit import RateLimiter
from src.core.config import Settings
from src.core.exceptions import CollectionError
from src.core.logger import get_logger

TOO_MANY_REQUESTS = 429
DEFAULT_PAUSE_SECONDS = 60.0

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RawResponse:
    """What a transport returns; header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Transport = Callable[[str, Mapping[str, str], float], RawResponse]


def urllib_transport(url: str, headers: Mapping[str, str], timeout: float) -> RawResponse:
    """Fetch a URL with the standard library; an error status is a response like any other."""
    request = urllib.request.Request(url, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            lowered = {name.lower(): value for name, value in reply.headers.items()}
            return RawResponse(reply.status, reply.read(), lowered)
    except urllib.error.HTTPError as error:
        lowered = {name.lower(): value for name, value in error.headers.items()}
        return RawResponse(error.code, error.read(), lowered)


class ApiClient:
    """Calls the API within its rate limit and turns every failure into a ``CollectionError``.

    The error's context says whether another try can help (``retryable``) and after how many seconds at the earliest
    (``retry_after``, where the source said so).
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        limiter: RateLimiter,
        *,
        timeout: float = 10.0,
        transport: Transport | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["X-Auth-Token"] = token
        self._limiter = limiter
        self._timeout = timeout
        self._transport = transport or urllib_transport

    @classmethod
    def from_settings(cls, settings: Settings) -> ApiClient:
        """Build the client that the settings describe."""
        limiter = RateLimiter(settings.api_requests_per_minute)
        return cls(settings.api_base_url, settings.api_token, limiter, timeout=settings.api_timeout_seconds)

    def url(self, path: str, params: Mapping[str, Any] | None = None) -> str:
        """Return the address of a resource; parameters that are None are left out."""
        query = urlencode({key: value for key, value in (params or {}).items() if value is not None})
        return f"{self._base_url}/{path.lstrip('/')}" + (f"?{query}" if query else "")

    async def get_json(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """Fetch a resource and decode it."""
        await self._limiter.acquire()
        url = self.url(path, params)
        try:
            response = await asyncio.to_thread(self._transport, url, self._headers, self._timeout)
        except OSError as error:
            raise CollectionError(f"{url} cannot be reached: {error}", url=url, retryable=True) from error
        self._check(url, response)
        try:
            return json.loads(response.body)
        except ValueError as error:
            raise CollectionError(f"{url} did not answer with JSON", url=url, retryable=False) from error

    def _check(self, url: str, response: RawResponse) -> None:
        """Raise for every status but the good ones."""
        if response.status < 400:
            return
        if response.status == TOO_MANY_REQUESTS:
            pause = self._pause(response)
            self._limiter.penalise(pause)
            raise CollectionError(f"{url} was called too often", url=url, retryable=True, retry_after=pause)
        retryable = response.status >= 500
        logger.warning("%s answered %d", url, response.status)
        raise CollectionError(f"{url} answered {response.status}", url=url, status=response.status, retryable=retryable)

    @staticmethod
    def _pause(response: RawResponse) -> float:
        """Read ``Retry-After`` in seconds; the form with a date, or none at all, means the default."""
        try:
            return float(response.headers.get("retry-after", ""))
        except ValueError:
            return DEFAULT_PAUSE_SECONDS
