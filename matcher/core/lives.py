"""Lives: whose life answers are about: one's own, that of somebody cared for, or one that ended."""

from __future__ import annotations

LIVES = ("self", "other", "loss")
