"""Meaning: what a noun says of a person, given how the label ties the person to it."""

from __future__ import annotations

from dataclasses import replace

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread, tags_in
from matcher.reading.labels import cues, words
from matcher.reading.labels.lexicon import ANY, Lexicon
from matcher.reading.labels.nouns import (
    Absent,
    Cancers,
    Genes,
    History,
    Lines,
    Listing,
    Noun,
    Relative,
    Risk,
    Said,
    Site,
    Thing,
    loosened,
    words_of,
)
from matcher.reading.labels.origins import in_tumor_as_well, origins_of
from matcher.reading.labels.roles import CANCER_ROLES, OWN, RISK_FRAMES, THING_ROLES, TREATED, Frame
from matcher.reading.labels.shaping import (
    all_of,
    any_of,
    doubtful,
    either_or_both,
    is_plain,
    join,
    negate,
    scope,
    unread,
)

ANY_RISK_SURGERY = "risk_reducing_surgery"


def meaning(noun: Noun, frame: Frame, lexicon: Lexicon) -> Condition | None:
    """What the noun says of the person; None if it makes no sense with this frame."""
    return (_denied if frame.negative else _meaning)(noun, frame, lexicon)


def _denied(noun: Noun, frame: Frame, lexicon: Lexicon) -> Condition | None:
    """None of what is named: the narrower way to take "not A and B", "not A or B".

    Whether a denial still holds for a noun of another kind after "and" or a comma is open.
    """
    parts = noun.parts if isinstance(noun, Listing) else (noun,)
    links = noun.links if isinstance(noun, Listing) else ()
    denied = [parts[0]]
    for link, part in zip(links, parts[1:], strict=True):
        if type(part) is not type(parts[0]) and link not in ("or", ", or"):
            break
        denied.append(part)
    said = [_denied_noun(part, frame, lexicon) for part in denied]
    rest = " ".join(words_of(part) for part in parts[len(denied) :])
    return None if None in said else all_of((*said, unread(rest)))


def _denied_noun(noun: Noun, frame: Frame, lexicon: Lexicon) -> Condition | None:
    if isinstance(noun, Absent):
        return None
    if isinstance(noun, Genes) and any(next(tags_in(part), None) for part in noun.asked):
        said = _denied_noun(replace(noun, asked=()), frame, lexicon)
        return all_of((said, unread(noun.words))) if said is not None else None
    said = _meaning(loosened(noun), replace(frame, by_tumor=False), lexicon)
    if said is None:
        return None
    if isinstance(noun, Genes):
        denied = negate(said, lexicon)
        parts = denied.parts if isinstance(denied, AllOf) else (denied,)
        return all_of((*parts, *map(Not, in_tumor_as_well(noun, frame, lexicon))))
    if isinstance(noun, Said) and not is_plain(said):
        # "Not A, B": whether B is denied too is open, so only A is certain.
        first = next(tags_in(said), None)
        return said if first is None else AllOf((negate(Tag(first), lexicon), Unread(noun.words)))
    return negate(said, lexicon)


def _meaning(noun: Noun, frame: Frame, lexicon: Lexicon) -> Condition | None:
    match noun:
        case Cancers():
            return _cancers(noun, frame, lexicon)
        case Genes():
            return _genes(noun, frame, lexicon)
        case Thing():
            return _thing(noun, frame, lexicon)
        case Listing():
            return _listing(noun, frame, lexicon)
        case Lines():
            return _lines(noun, lexicon)
        case Absent(of):
            return _denied(of, frame, lexicon)
        case _:
            return _own(noun, lexicon) if frame.key in OWN else None


def _own(noun: Noun, lexicon: Lexicon) -> Condition | None:
    """What only "have", "are" and their like can say of a person."""
    match noun:
        case Risk():
            return _risk(noun, lexicon)
        case Said(condition):
            return condition
        case History():
            return _history(noun, lexicon)
        case Relative(of, _, extra):
            said = _meaning(of, Frame(cues.FAMILY), lexicon)
            return None if said is None else all_of((said, unread(extra)))
        case _:
            return None


def _cancers(noun: Cancers, frame: Frame, lexicon: Lexicon) -> Condition | None:
    role = CANCER_ROLES.get(frame.key)
    if role is None or (noun.risk and role in ("diagnosed", "family")):
        return None
    parts = tuple(_site(site, role, frame, lexicon) for site in noun.sites)
    joined = any_of(parts) if noun.link == "or" else either_or_both(parts, "and")
    joined = all_of(parts) if noun.link == "both" else joined
    if frame.key in TREATED:
        return all_of((joined, _treated(frame, lexicon)))
    if frame.key == cues.AT_RISK and joined is not None:
        return AnyOf((joined, Unread("at risk")))
    return joined


def _treated(frame: Frame, lexicon: Lexicon) -> Condition | None:
    """Treatment itself; whoever "completed treatment" may still take tablets for years."""
    had, now = (lexicon.tag_for(role, "treatment") for role in ("had", "now"))
    if had is None or now is None:
        return None
    if frame.key == cues.TREATED_BEFORE:
        return AllOf((Tag(had), AnyOf((negate(Tag(now), lexicon), Unread("completed")))))
    return Tag(now if frame.key == cues.TREATED_NOW else had)


def _site(site: Site, role: str, frame: Frame, lexicon: Lexicon) -> Condition:
    key = lexicon.tag_for(role, site.value or ANY)
    if key is None:
        return Unread(site.words)
    is_bare = site.value is None and site.exact and not site.asked
    if role == "diagnosed" and frame.present and is_bare:
        key = lexicon.tag_for("diagnosed", "now") or key
    own: list[Condition | None] = [Tag(key)]
    if role == "diagnosed" and frame.at_present:
        now = lexicon.tag_for("diagnosed", "now")
        sites = (site.value,) if site.value else ()
        own.append(scope(Tag(now), sites, lexicon) if now is not None else Unread("now"))
    if not site.exact:
        own.append(Unread(site.words))
    if role == "diagnosed":
        sites = (site.value,) if site.value else ()
        own += [scope(asked, sites, lexicon) for asked in site.asked]
    elif site.asked:
        own.append(Unread(site.asked_words))
    return all_of(own) or Unread(site.words)


def _genes(noun: Genes, frame: Frame, lexicon: Lexicon) -> Condition | None:
    family = frame.key == cues.FAMILY or noun.in_family
    if not family and frame.key not in OWN:
        return None
    parts: list[Condition] = []
    where: set[tuple[str, ...]] = set()
    for name in noun.names or (ANY,):
        roles = ("family_mutation",) if family else origins_of(name, noun, frame, lexicon)
        where.add(roles)
        said = any_of(_gene(name, role, noun, lexicon) for role in roles) or Unread(noun.words)
        if frame.by_tumor and not frame.negative and roles == ("inherited",) and not noun.origins:
            changed = [Tag(key)] if (key := lexicon.tag_for("tumor", name)) else []
            said = doubtful(said, AnyOf((said, *changed)), noun.words) if changed else said
        parts.append(said)
    joined = all_of(parts) if noun.link in ("and", "both") else any_of(parts)
    is_mixed = noun.link == "plural" and len(where) > 1  # "PIK3CA and PTEN", "BRCA1 and ESR1"
    is_list = noun.link == "plural" and lexicon.group_of(noun.names) is None
    if len(parts) > 1 and (is_mixed or is_list or not noun.link):
        joined = either_or_both(tuple(parts), "and")
    is_vague = noun.plain and not family
    return all_of((joined, *noun.asked, unread(noun.words) if is_vague else None))


def _gene(name: str, role: str, noun: Genes, lexicon: Lexicon) -> Condition:
    key = lexicon.tag_for(role, name)
    return Tag(key) if key is not None else Unread(noun.words)


def _thing(noun: Thing, frame: Frame, lexicon: Lexicon) -> Condition | None:
    said = _roles_of(noun, THING_ROLES.get(frame.key, ()), lexicon)
    if said is None and frame.key == cues.HAVING:
        said = _roles_of(noun, ("considering", "symptom"), lexicon)
    if said is None and frame.key == cues.CONSIDER:
        said = _planned_to_lower_risk(noun, lexicon)
    if said is None:
        return None
    if frame.key == cues.DONE:
        now = _roles_of(noun, ("now",), lexicon)
        said = all_of((said, negate(now, lexicon) if now is not None else None))
    if frame.at_present and any(lexicon.tag_for("exposure", s.value) for s in noun.senses):
        said = all_of((said, Unread("currently")))  # exposures are asked as now or ever
    of = _meaning(noun.of, Frame(cues.DIAGNOSED), lexicon) if noun.of is not None else None
    return all_of((said, of, unread(noun.extra)))


def _planned_to_lower_risk(noun: Thing, lexicon: Lexicon) -> Condition | None:
    """One surgery to lower risk among those that a person may be thinking about."""
    one_of_them = any(lexicon.tag_for("reduced", sense.value) for sense in noun.senses)
    key = lexicon.tag_for("considering", ANY_RISK_SURGERY)
    if key is None or not one_of_them:
        return None
    last = words.words_of(words.clean(noun.words))[-1].key
    named = {sense.value for _, senses in lexicon.walk((last,)) for sense in senses}
    plans = [Tag(plan) for n in sorted(named) if (plan := lexicon.tag_for("considering", n))]
    return all_of((any_of((Tag(key), *plans)), Unread(noun.words)))


def _roles_of(noun: Thing, roles: tuple[str, ...], lexicon: Lexicon) -> Condition | None:
    exact: list[Condition] = []
    narrower: list[Condition] = []
    is_treatment = any(lexicon.tag_for("now", sense.value) for sense in noun.senses)
    for sense in noun.senses:
        if is_treatment and lexicon.tag_for("exposure", sense.value):
            continue  # read as a treatment first; see `with_two_meanings`
        keys = [key for role in roles if (key := lexicon.tag_for(role, sense.value))]
        tags = [Tag(key) for key in keys]
        if sense.exact:
            exact += tags
        else:
            narrower += [AllOf((tag, Unread(noun.words))) for tag in tags]
    return any_of(dict.fromkeys(exact or narrower))


def _listing(noun: Listing, frame: Frame, lexicon: Lexicon) -> Condition | None:
    said = [_meaning(part, frame, lexicon) for part in noun.parts]
    parts = [
        condition if condition is not None else Unread(words_of(part))
        for condition, part in zip(said, noun.parts, strict=True)
    ]
    if all(part is None for part in said):
        return None
    first_is_cancer = isinstance(noun.parts[0], Cancers)
    of_one_kind = all(type(part) is type(noun.parts[0]) for part in noun.parts)

    def is_list(chain: int) -> bool:
        """Whether commas before "or" part alternatives."""
        return of_one_kind or not first_is_cancer or noun.links[chain - 1] == ", or"

    if of_one_kind and first_is_cancer and "or" not in noun.links and ", or" not in noun.links:
        return either_or_both(tuple(parts), "and")
    narrow = join(parts, list(noun.links), is_list)
    if not of_one_kind and noun.links[0] == "or" and noun.links[1:] == ("and",):
        # "A or B and C": C may belong to B alone
        return doubtful(narrow, AnyOf((parts[0], AllOf((parts[1], parts[2])))), words_of(noun))
    return narrow


def _risk(noun: Risk, lexicon: Lexicon) -> Condition | None:
    frame = Frame(RISK_FRAMES[noun.level])
    if noun.of is not None:
        return _meaning(noun.of, frame, lexicon)
    role = CANCER_ROLES[frame.key]
    key = lexicon.tag_for(role, ANY)
    return all_of((Tag(key) if key else None, unread(noun.words)))


def _history(noun: History, lexicon: Lexicon) -> Condition | None:
    parts: list[Condition] = []
    for kind in noun.kinds:
        frame = Frame(cues.DIAGNOSED if kind == "personal" else cues.FAMILY)
        said = _meaning(noun.of, frame, lexicon) if noun.of is not None else None
        if said is None and noun.of is None and kind == "family":
            key = lexicon.tag_for("family", ANY)
            said = all_of((Tag(key) if key else None, unread(noun.words)))
        if said is None:
            return None
        parts.append(said)
    joined = any_of(parts) if noun.link != "and" else either_or_both(tuple(parts), "and")
    return all_of((joined, unread(noun.extra)))


def _lines(noun: Lines, lexicon: Lexicon) -> Condition | None:
    parts: list[Condition | None] = [unread(noun.extra)]
    if noun.low:
        parts.append(Tag(f"{lexicon.family('lines_at_least')}:{noun.low}"))
    if noun.high is not None:
        parts.append(Tag(f"{lexicon.family('lines_at_most')}:{noun.high}"))
    return all_of(parts)
