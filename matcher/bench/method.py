"""Method: what is measured and how, as printed with every report."""

from __future__ import annotations

from matcher.bench.measuring import (
    PATIENCE,
    SAMPLE,
    SECONDS_IF_SLOW,
    WARM_RUNS,
)

METHOD = (
    "Asked of every engine, for every person: the number of studies at each of the six levels, and"
    " the best ones in the total order (level, unmarked first, score, newer, key) with level and"
    " score.",
    "People and studies are drawn from a seed: people by the shares in the rules, in the form's"
    " order; studies from the sample catalogue's audiences, varied (docs/benchmark.md).",
    "The others get what is known of each person (no, unknown or yes for each fact that a study"
    " needs) in their own form before the clock starts, for none of them can work out what follows"
    " from answers. Ours is timed from the same facts, and, which is harder, from answers by"
    " question (columns) and from answers person by person (answers), with the finding of the"
    " facts inside the time.",
    f"Nobody is timed who does not give the same answer on {SAMPLE} people and all studies, and"
    " then on everybody that it is timed on.",
    f"Everybody runs {WARM_RUNS} times to warm up. Then come the rounds: in each everybody runs"
    " once, and another one begins. Ratios are of the same round.",
    f"Who would need more than {PATIENCE:g} s for all people is timed on fewer, about"
    f" {SECONDS_IF_SLOW:g} s a run; the people column says how many.",
    "Memory is the peak of a process of its own while the engine gets ready and runs once, above"
    " the same process with rules, studies and people loaded.",
)
