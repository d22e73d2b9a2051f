"""Core: what a match means, in plain values. See this folder's README for its one rule."""
