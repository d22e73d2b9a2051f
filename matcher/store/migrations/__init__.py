"""Migrations: how the tables came to be what they are, one step a file under `versions`."""
