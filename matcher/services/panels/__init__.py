"""Panels: a navigator's people, the work with each, who may see them, and what was done."""
