"""Rivals: other engines on the same contest, each written as its own manual would have it.

Each module has `TITLE`, `PACKAGES` (whose versions are told), `METHOD` (one line) and
``make(contest, columns)``, which gets everything ready (imports, compiled rules, the facts in the
engine's own form) and returns the run that is timed.
"""
