"""One talk with GitHub's API: pages, limits, lost connections. Nothing that it raises holds the token."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from urllib3 import exceptions

from coverage_roadmap.adapters.clock import Clock
from coverage_roadmap.adapters.connection import Answer, Connection, words
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.text import many
from coverage_roadmap.errors import TicketError, TrackerError

T = TypeVar("T")
_PAGES = 1_000
_TRIES = 5
_HOPS = 3
_APART = 1.0
"""What GitHub asks to leave between two writes. Seconds."""
_SECONDARY = 60.0
"""How long to wait where a secondary limit does not say it. Seconds."""
_NEXT = regex(r'<([^<>]+)>; *rel="next"')


class _Fault(Struct):
    message: str = ""
    type: str = ""


class _Result(Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[_Fault] = []


class Patience(Struct, frozen=True):
    """How long a talk may take. Seconds."""

    answer: float = 30
    """For one answer."""
    wait: float = 3_900
    """For one limit: that of an hour may be all used up."""
    whole: float = float("inf")
    """For all of it."""
    tries: int = _TRIES


class GraphError(TrackerError):
    """GraphQL answered with an error."""

    kind = ""


class UncertainError(TrackerError):
    """Something that must not be done twice was sent, and whether it was done is not known."""


class Client:
    """Talks with one API.

    Args:
        api: its address, without a slash at its end.
        token: never shown.
        clock: waits are made by it.
        patience: how long it may take.
        say: tells a person about a wait.
    """

    def __init__(
        self, api: str, token: str, clock: Clock, patience: Patience, say: Callable[[str], object] = len
    ) -> None:
        """Open no connection yet."""
        self._connection = Connection(api, token, clock, patience.answer)
        self._clock, self._patience = clock, patience
        self._say = say
        self._started = clock.monotonic()
        self._written = float("-inf")
        self.host = self._connection.host

    def get(self, path: str, kind: type[T], **query: str | int) -> T:
        """Read one value."""
        return self.decode(self.call("GET", path, query=query), kind)

    def pages(self, path: str, kind: type[T], **query: str | int) -> Iterator[T]:
        """Read a list, page by page."""
        query = {"per_page": 100, **query}
        url = f"{self._connection.api}{path}?{urlencode(query)}"
        for _ in range(_PAGES):
            answer = self._answer("GET", url, None, again=True)
            yield from self.decode(self._fine(answer, f"GET {path}"), list[kind])  # type: ignore[valid-type]
            found = _NEXT.search(answer.headers.get("link", ""))
            if found is None:
                return
            url = self._connection.beside(found[1])
        raise TrackerError(f"{path} has more than {_PAGES} pages", where=self.host)

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str | int] | None = None,
        again: bool = True,
        fine: tuple[int, ...] = (),
    ) -> Answer:
        """Ask once, as often as it takes.

        Args:
            method: of HTTP.
            path: below the API's address, quoted.
            body: sent as JSON.
            query: the address's.
            again: whether it does no harm to ask twice, where a connection is lost.
            fine: which refusals are an answer.

        Raises:
            TicketError: what the path names is not there, or will not have this.
            TrackerError: all else that is no answer.
        """
        url = f"{self._connection.api}{path}" + (f"?{urlencode(query)}" if query else "")
        answer = self._answer(method, url, body, again=again)
        return answer if answer.status in fine else self._fine(answer, f"{method} {path}")

    def graphql(self, query: str, variables: Mapping[str, Any], kind: type[T]) -> T:
        """Ask GraphQL something that it does no harm to ask twice.

        Raises:
            GraphError: it answered with an error.
        """
        api = self._connection.api
        base = api.removesuffix("/v3") if api.endswith("/api/v3") else api
        answer = self._answer("POST", f"{base}/graphql", {"query": query, "variables": variables}, again=True)
        result = self.decode(self._fine(answer, "graphql"), _Result)
        if result.errors:
            said = "; ".join(self._connection.safe(one.message) for one in result.errors[:3])
            error = GraphError(said or "an error without words", where=f"{self.host} graphql")
            error.kind = result.errors[0].type
            raise error
        return self.decode(Answer(200, answer.headers, bytes(result.data)), kind)

    def rest(self, tried: int) -> None:
        """Wait before the next try."""
        self._clock.sleep(2.0**tried)

    def decode(self, answer: Answer, kind: type[T]) -> T:
        """An answer as a value.

        Raises:
            TrackerError: it is none, such as a page of another server.
        """
        try:
            return msgspec.json.decode(answer.data, type=kind)
        except msgspec.DecodeError as error:
            form = self._connection.safe(answer.headers.get("content-type", "nothing"))
            told = f"answers with {form} that GitHub's API would not send: {self._connection.safe(str(error))}"
            raise TrackerError(told, where=self.host, next_step="look at board.api") from None

    def _fine(self, answer: Answer, what: str) -> Answer:
        """The answer, where it is none of the refusals."""
        status = answer.status
        if status < 300:
            return answer
        said = self._connection.safe(answer.message) or f"HTTP {status}"
        what = self._connection.safe(what)
        if status == 401:
            raise TrackerError(f"takes the token for none: {said}", where=self.host, next_step="make a new one")
        if status in (404, 410, 422) or status < 400 or (status in (403, 423) and "lock" in said.lower()):
            moved = "it was moved to another place" if status < 400 else said
            raise TicketError(moved, where=what)
        raise TrackerError(f"refuses: {said}", where=f"{self.host} {what}")

    def _answer(self, method: str, url: str, body: Mapping[str, Any] | None, *, again: bool) -> Answer:
        """The answer that is no limit, no fault of the server's and no redirection that can be followed."""
        tried, hops = 0, 0
        while True:
            self._pace(method, graph=url.endswith("/graphql"))
            try:
                answer = self._connection.ask(method, url, body)
            except exceptions.HTTPError as error:
                tried += 1
                self._lost(error, tried, again=again)
                continue
            limit = self._limited(answer)
            if limit is not None:
                self._wait(limit, tried)
                tried += 1
            elif answer.status >= 500 and not again:
                raise UncertainError(f"fails with HTTP {answer.status}", where=self.host)
            elif answer.status >= 500 and tried + 1 < self._patience.tries:
                self._clock.sleep(2.0**tried)
                tried += 1
            elif answer.status in (301, 302, 307, 308) and method == "GET" and hops < _HOPS:
                hops += 1
                url = self._connection.beside(answer.headers.get("location", ""))
            else:
                return answer

    def _pace(self, method: str, *, graph: bool) -> None:
        """Leave what GitHub asks for between two writes."""
        if self._clock.monotonic() - self._started > self._patience.whole:
            raise TrackerError(f"took more than {self._patience.whole:.0f} s", where=self.host)
        if method != "GET" and not graph:
            rest = self._written + _APART - self._clock.monotonic()
            if rest > 0:
                self._clock.sleep(rest)
            self._written = self._clock.monotonic()

    def _limited(self, answer: Answer) -> float | None:
        """How long a limit wants us to wait; None where there is none. Seconds."""
        if answer.status not in (403, 429):
            return None
        after, left = answer.headers.get("retry-after", ""), answer.headers.get("x-ratelimit-remaining", "")
        if after.isdecimal():
            return float(after[:9])
        reset = answer.headers.get("x-ratelimit-reset", "")
        if left == "0" and reset.isdecimal():
            return max(float(reset[:12]) - self._clock.now().timestamp(), 0) + 1
        return _SECONDARY if answer.status == 429 or "rate limit" in answer.message.lower() else None

    def _wait(self, seconds: float, tried: int) -> None:
        if seconds > self._patience.wait or tried + 1 >= self._patience.tries:
            told = f"{self.host} asks to wait {many(round(seconds), 'second')}: its limit of requests is reached"
            raise TrackerError(told, next_step="run it again then: what was done stays done")
        if seconds > 2:
            self._say(f"{self.host} asks to wait {many(round(seconds), 'second')}")
        self._clock.sleep(seconds)

    def _lost(self, error: exceptions.HTTPError, tried: int, *, again: bool) -> None:
        """Wait before the next try.

        Raises:
            TrackerError: there is none.
        """
        cause = getattr(error, "reason", None) or error
        if isinstance(cause, exceptions.SSLError | ssl.SSLError):
            told = f"its certificate is not trusted: {self._connection.safe(str(cause))}"
            raise TrackerError(told, where=self.host, next_step="SSL_CERT_FILE=the authority's certificate") from None
        told = f"cannot be reached: {self._connection.safe(words(error))}"
        if not again and not isinstance(error, exceptions.NewConnectionError | exceptions.ConnectTimeoutError):
            raise UncertainError(told, where=self.host) from None
        if tried >= self._patience.tries or isinstance(error, exceptions.NameResolutionError):
            raise TrackerError(told, where=self.host, next_step="run it again: what was done stays done") from None
        self._clock.sleep(2.0 ** (tried - 1))
