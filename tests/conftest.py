"""What holds for all tests: the caller's colour and width are not theirs, and CI finds the same each time."""

import os

from hypothesis import settings

for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TERM"):
    os.environ.pop(name, None)

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None)
settings.load_profile("same" if os.environ.get("CI") == "true" else "searching")
