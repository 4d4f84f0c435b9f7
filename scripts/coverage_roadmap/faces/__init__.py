"""The ways in: the console program, nox sessions, Invoke tasks. They share the commands."""
