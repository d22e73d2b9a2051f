"""Spreadsheets: profiles as CSV, read, written, and an empty table to fill in."""
