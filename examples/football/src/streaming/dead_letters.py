"""Messages that could not be handled, kept as files until somebody looks at them.

A dead letter is one JSON line with the raw bytes, the place that the message came from and the
reason. They can be replayed once the reason is gone.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from src.core.exceptions import StreamingError
from src.core.logger import get_logger

logger = get_logger(__name__)


@dataclass(frozen=True)
class DeadLetter:
    """One message that was set aside."""

    topic: str
    partition: int
    offset: int
    reason: str
    detail: str
    payload: str

    @property
    def value(self) -> bytes:
        """The message's bytes as they came."""
        return base64.b64decode(self.payload)


class DeadLetterBox:
    """Dead letters in one file for each topic, below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, place: tuple[str, int, int], reason: str, detail: str, value: bytes | None) -> DeadLetter:
        """Append a letter; the box is created with its first one."""
        payload = base64.b64encode(value or b"").decode("ascii")
        letter = DeadLetter(*place, reason, detail, payload)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._file(letter.topic).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(letter)) + "\n")
        logger.warning("set aside %s/%d/%d: %s", *place, reason)
        return letter

    def topics(self) -> list[str]:
        """Topics with letters."""
        return sorted(path.stem for path in self.folder.glob("*.jsonl"))

    def letters(self, topic: str) -> Iterator[DeadLetter]:
        """The topic's letters, oldest first."""
        path = self._file(topic)
        if not path.exists():
            return
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                yield DeadLetter(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise StreamingError(f"{path}, line {number}: {error}") from error

    def replay(self, topic: str, send: Callable[[DeadLetter], None], limit: int | None = None) -> int:
        """Hand the oldest letters to `send` and remove those that it took; returns how many.

        If `send` raises, the letter and all after it stay, and the error goes on.
        """
        waiting = list(self.letters(topic))
        chosen = waiting if limit is None else waiting[:limit]
        done = 0
        try:
            for letter in chosen:
                send(letter)
                done += 1
        finally:
            if done:
                self._keep(topic, waiting[done:])
        return done

    def _keep(self, topic: str, letters: list[DeadLetter]) -> None:
        path = self._file(topic)
        if not letters:
            path.unlink()
            return
        temporary = path.with_suffix(".new")
        lines = "".join(json.dumps(asdict(letter)) + "\n" for letter in letters)
        temporary.write_text(lines, encoding="utf-8")
        temporary.replace(path)

    def _file(self, topic: str) -> Path:
        return self.folder / f"{topic}.jsonl"
