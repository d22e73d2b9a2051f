"""FHIR: bundles of hospital records, mCODE of every generation and plain R4, read into answers."""

from matcher.records.fhir.reading import read_bundle

__all__ = ["read_bundle"]
