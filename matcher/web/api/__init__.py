"""API: the same matches as JSON under ``/api/v1``."""
