"""Screening: many people against many studies at once, for a navigator; knows no database."""
