"""The benchmark: a seeded workload, the engine and other engines on it side by side, a report."""
