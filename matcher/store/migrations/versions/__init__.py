"""Versions: the steps, each with the name of the one before it. A released step never changes."""
