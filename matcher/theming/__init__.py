"""Theming: a theme read from a folder, its colours, signs and what it must not load."""
