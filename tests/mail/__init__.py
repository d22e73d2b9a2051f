"""Tests of matcher.mail."""
