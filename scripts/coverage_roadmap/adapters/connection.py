"""A connection to one server, which alone is told the token: one question at a time, within bounds.

By urllib3: it needs nothing else, streams with bounds, and sends no header anywhere that we did not choose.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import msgspec
import urllib3
from msgspec import Struct
from urllib3 import exceptions

from coverage_roadmap.adapters.clock import Clock
from coverage_roadmap.core.text import plain, without_secrets
from coverage_roadmap.errors import TrackerError

LARGEST = 32 * 2**20
"""Of an answer. Bytes."""
_LONGEST = 300


class Answer(Struct, frozen=True):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    data: bytes

    @property
    def message(self) -> str:
        """What GitHub says of a refusal, cut."""
        try:
            said = msgspec.json.decode(self.data, type=_Said)
        except msgspec.DecodeError:
            return ""
        more = [one.get("message") or one.get("code") for one in said.errors if isinstance(one, dict)]
        return "; ".join(plain(str(one))[:_LONGEST] for one in (said.message, *more[:3]) if one)


class _Said(Struct):
    message: str = ""
    errors: list[Any] = []


class Connection:
    """Talks with one server.

    Args:
        api: the API's address, without a slash at its end.
        token: never shown.
        clock: bounds an answer.
        seconds: what an answer may take.
    """

    def __init__(self, api: str, token: str, clock: Clock, seconds: float) -> None:
        """Open none yet."""
        self.api, self.host = api, urlsplit(api).netloc
        self._token, self._clock, self._seconds = token, clock, seconds
        self._pool = _pool(api)

    def ask(self, method: str, url: str, body: Mapping[str, Any] | None) -> Answer:
        """Ask once.

        Raises:
            HTTPError: of urllib3: the connection was lost, or never there.
            TrackerError: the answer is too large, or takes too long.
        """
        seconds = self._seconds
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "User-Agent": "coverage-roadmap",
            "X-GitHub-Api-Version": "2022-11-28",
            **({"Content-Type": "application/json"} if body is not None else {}),
        }
        data = msgspec.json.encode(body) if body is not None else None
        until = self._clock.monotonic() + seconds
        got = self._pool.request(
            method,
            url,
            body=data,
            headers=headers,
            preload_content=False,
            redirect=False,
            retries=False,
            timeout=urllib3.Timeout(connect=min(10, seconds), read=seconds),
        )
        read = bytearray()
        while part := got.read1(2**16):  # what is there, so that no server holds us by sending a sign now and then
            read += part
            if len(read) > LARGEST or self._clock.monotonic() > until:
                got.close()
                raise TrackerError(f"sends too much, or takes more than {seconds:.0f} s", where=self.host)
        got.release_conn()
        return Answer(got.status, {name.lower(): value for name, value in got.headers.items()}, bytes(read))

    def beside(self, url: str) -> str:
        """An address that an answer names, where it is of the same server: no other is to see the token."""
        if urlsplit(url)[:2] != urlsplit(self.api)[:2]:
            raise TrackerError(f"sends us to another server: {self.safe(url)}", where=self.host)
        return url

    def safe(self, text: str) -> str:
        """Foreign text without the token, cut."""
        return without_secrets(plain(text.replace(self._token, "***")))[:_LONGEST]


def words(error: exceptions.HTTPError) -> str:
    """What happened, without the addresses in memory that urllib3 tells."""
    if isinstance(error, exceptions.TimeoutError):
        return "no answer in time"
    return re.sub(r"<[^>]*>[:,]? *|\([^)]*0x[0-9a-f]+[^)]*\)", "", str(error)) or type(error).__name__


def _pool(api: str) -> urllib3.PoolManager:
    """Connections, by a proxy where the environment names one for this host."""
    parts = urlsplit(api)
    proxy = getproxies().get(parts.scheme)
    context = ssl.create_default_context()
    if not proxy or proxy_bypass(parts.netloc):
        return urllib3.PoolManager(num_pools=1, ssl_context=context)
    who = urllib3.util.parse_url(proxy).auth
    headers = urllib3.make_headers(proxy_basic_auth=who) if who else None
    return urllib3.ProxyManager(proxy, num_pools=1, ssl_context=context, proxy_headers=headers)
