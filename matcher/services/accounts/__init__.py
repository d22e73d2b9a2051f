"""Accounts: who works at the desk, how they are invited, sign in and are kept out."""
