"""What holds for all tests: the caller's colour, width and signals are not theirs, and CI finds the same each time."""

import os
import signal

from hypothesis import settings

for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TERM"):
    os.environ.pop(name, None)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in a shell's background, which its children inherit
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None)
settings.load_profile("same" if os.environ.get("CI") == "true" else "searching")
