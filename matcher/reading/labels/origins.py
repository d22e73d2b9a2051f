"""Origins: whether a label means mutations a person was born with or those of the tumor."""

from __future__ import annotations

from matcher.core.conditions import Tag
from matcher.reading.labels import cues
from matcher.reading.labels.lexicon import Lexicon
from matcher.reading.labels.nouns import Genes
from matcher.reading.labels.roles import Frame


def in_tumor_as_well(noun: Genes, frame: Frame, lexicon: Lexicon) -> list[Tag]:
    """What a denial of inherited mutations denies of the tumor too, unless it says which.

    For labels without a cancer of one's own this is dropped again; see `only_inherited`.
    """
    if noun.origins or noun.in_family or frame.of_tumor or frame.key in (cues.FAMILY, cues.CARRY):
        return []
    names = [name for name in noun.names if lexicon.tag_for("inherited", name)]
    keys = [lexicon.tag_for("tumor", name) for name in names]
    return [Tag(key) for key in keys if key is not None]


def origins_of(name: str, noun: Genes, frame: Frame, lexicon: Lexicon) -> tuple[str, ...]:
    """Where the mutation is: as the label says, else inherited unless it changes only in tumors.

    A gene that changes in both is taken with the others of its list ("PIK3CA, AKT1 or PTEN").
    """
    if noun.origins:
        return tuple(sorted(noun.origins))
    in_tumor = frame.of_tumor or any(lexicon.tag_for("inherited", n) is None for n in noun.names)
    if noun.link == "plural" and not frame.of_tumor:
        in_tumor = lexicon.tag_for("inherited", name) is None
    both = lexicon.tag_for("tumor", name) is not None
    return ("tumor",) if in_tumor and both else ("inherited",)
