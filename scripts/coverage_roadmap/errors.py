"""The one exception root, and the exit codes."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the console program ends with; the table stands in the README."""

    DONE = 0
    NOT_MET = 1
    USAGE = 2
    TOOL = 3
    TRACKER = 4
    BUG = 70
    TIME_LIMIT = 124
    INTERRUPTED = 130


class RoadmapError(Exception):
    """Something that a user can cause or mend.

    Args:
        what: what is wrong, in one sentence without a full stop.
        where: the file, key or command that it is about; empty where `what` says it.
        next_step: what to do now, usually a command.
    """

    code = ExitCode.TOOL

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        """Keep the three parts apart, so that each face can lay them out."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        """All parts as lines: what with where, then the next step."""
        return self._joined("\n  next: ")

    @property
    def line(self) -> str:
        """All parts on one line, to stand among notes."""
        return self._joined("; next: ")

    def _joined(self, between: str) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}{between}{self.next_step}" if self.next_step else head


class UsageError(RoadmapError):
    """The words of the call are off."""

    code = ExitCode.USAGE


class ConfigError(RoadmapError):
    """The config, or a path that it names, is off."""

    code = ExitCode.USAGE


class NotMetError(RoadmapError):
    """The run could be judged, and the verdict is not met."""

    code = ExitCode.NOT_MET


class ToolError(RoadmapError):
    """A needed tool is missing or failed, or the file system refused."""

    code = ExitCode.TOOL


class RecordError(RoadmapError):
    """A record, or data that a record rests on, cannot be read."""

    code = ExitCode.TOOL


class TrackerError(RoadmapError):
    """The tracker refused, or cannot be reached."""

    code = ExitCode.TRACKER


class TicketError(TrackerError):
    """The tracker refused one operation; the others may go on."""


class InterruptedRunError(RoadmapError):
    """A person or the system asked us to stop."""

    code = ExitCode.INTERRUPTED
