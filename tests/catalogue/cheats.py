"""The catalogue: all its cases, by family."""

from . import drift, evidence, loosening, outwitted, runs, scope, tests_that_cannot_fail, waivers
from .case import Cheat, RunCheat

FAMILIES: dict[str, list[Cheat]] = {
    "Measuring less": scope.CHEATS,
    "Gates that cannot fail": drift.CHEATS,
    "Asking for less": loosening.CHEATS,
    "Tests that cannot fail": tests_that_cannot_fail.CHEATS,
    "Figures that hide a loss": evidence.CHEATS,
    "Waivers": waivers.CHEATS,
}
RUNS: dict[str, list[RunCheat]] = {
    "Runs that prove nothing": runs.CHEATS,
    "Tools that are told to say something else": outwitted.CHEATS,
}
