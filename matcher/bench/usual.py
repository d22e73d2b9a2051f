"""Usual: what the rules do not say about how people answer; every number of the people's draw.

The shares of values, genes and yes, and the bell curves of numbers are the rules' own (`share`,
`usual` in rules/attributes/). Here stands the rest, chosen once and documented in
docs/benchmark.md: how often nothing is known, and which answers usually go together.
"""

from __future__ import annotations

NOT_KNOWN = {
    "cancer_status": 0.02,
    "cancer": 0.02,
    "age": 0.04,
    "gender": 0.05,
    "sex_at_birth": 0.05,
    # A survey of 2,191 women: 17 % answered "don't know" on receptors, 9 % left them blank.
    "er": 0.26,
    "pr": 0.3,
    "her2": 0.26,
    "triple_negative": 0.5,
    "positive_nodes": 0.5,
    "tumor": 0.6,
    "inherited": 0.45,
    "transgender": 0.3,
}
NOT_KNOWN_OTHERWISE = 0.2
DECLINED = 0.02
UNFINISHED_LIST = 0.08
"""Of lists, how many hold "unknown": what is not listed stays open."""
DATED = 0.3
"""Of results, how many carry the month of the test."""
STILL_CONTRADICTORY = 0.085
"""Of the people whose answers contradict each other, how many keep them: 0.3 % of all people."""

LIMITS = {
    "age": (18, 95),
    "age_at_diagnosis": (18, 95),
    "positive_nodes": (0, 30),
    "lines": (0, 9),
}
"""The least and the greatest number that is drawn, narrower than what may be answered."""
YES_OTHERWISE = 0.3

SECOND_CANCER = 0.06
NAMED_CLEAR = 0.06
"""Of the genes of somebody who was tested, how many are named with "none" each."""
UNCERTAIN = 0.01
NOT_TESTED = 0.02
PANEL_CLEAR = 0.5
"""Of those tested in whom nothing was found, how many say so for a whole panel."""
NOT_SURE_WHICH = 0.1
"""How many of those with a gene of a pair (BRCA, Lynch) remember the pair alone."""

GO_TOGETHER: dict[str, tuple[str, dict[str, list[str | int]]]] = {
    "stage": (
        "extent",
        {"in_situ": ["0"], "early": ["1", "2"], "locally_advanced": ["3"]},
    ),
    "gender": ("sex_at_birth", {"female": ["woman"], "male": ["man"]}),
    "positive_nodes": ("node_status", {"negative": [0], "positive": [1, 1, 1, 2, 2, 3, 4, 6, 11]}),
    "triple_negative": ("er", {"positive": ["no"], "low": ["no"]}),
}
"""For an answer: the question asked before, and by its answer the values that usually follow."""
AT_LEAST = {"age": "age_at_diagnosis"}
"""A number that is usually not below another one."""
USUALLY = 0.97
"""How often what usually goes together does."""
