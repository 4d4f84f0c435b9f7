"""One typed function for each command: gather, decide, return the value that the faces show."""
