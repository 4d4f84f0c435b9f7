"""`python -m coverage_roadmap` is the console program."""

from coverage_roadmap.faces.console import main

main()
