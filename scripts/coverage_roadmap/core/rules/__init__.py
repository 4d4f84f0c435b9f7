"""The rules of `check`: each a small object with an id, a severity, and a docstring that is its advice."""
