"""The weekly cadence as Invoke tasks; `invoke --list` names them."""

import sys

try:
    from coverage_roadmap.faces.tasks import namespace
except ModuleNotFoundError:
    install = f"{sys.executable} -m pip install -r requirements-dev.txt"
    sys.exit(f"coverage-roadmap is not installed beside this invoke\n  next: {install}")

ns = namespace()
