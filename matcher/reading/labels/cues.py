"""Cues: the words of grammar by which labels tie facts to people.

Facts themselves (cancers, genes, treatments, tags) are named by the rules; here stand only the
words around them. Each phrase is written as in a label and normalised like one.
"""

from __future__ import annotations

from matcher.reading.labels.words import key_set


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text that parts them with semicolons."""
    return tuple(part.strip() for part in text.split(";"))


HAVE = "have"
HAVING = "having"
DIAGNOSED = "diagnosed"
TREATED = "treated"
TREATED_NOW = "treated_now"
TREATED_BEFORE = "treated_before"
HAD = "had"
DONE = "done"
NOW = "now"
USE = "use"
FEEL = "feel"
CONSIDER = "consider"
CONCERN = "concern"
RISK = "risk"
AT_RISK = "at_risk"
AVERAGE_RISK = "average_risk"
FAMILY = "family"
CARRY = "carry"
BE = "be"

FRAMES: dict[str, tuple[str, ...]] = {
    HAVE: phrases("with"),
    DIAGNOSED: phrases(
        "diagnosed with; diagnosed as having; living with; live with; develop; developed"
    ),
    TREATED: phrases("treated for; previously treated for"),
    TREATED_BEFORE: phrases("completed treatment for; finished treatment for"),
    TREATED_NOW: phrases(
        "being treated for; in treatment for; under treatment for; receiving treatment for;"
        " undergoing treatment for; receive treatment for"
    ),
    HAD: phrases(
        "received; previously received; undergone; underwent; treated with; previously treated"
        " with; been treated with; taken; used; after receiving"
    ),
    DONE: phrases("completed; finished; finished taking; completed treatment with"),
    NOW: phrases(
        "taking; take; receiving; receive; undergoing; undergo; on; being treated with;"
        " currently on"
    ),
    USE: phrases(
        "consume; consuming; eat; eating; drink; drinking; eat or drink; use; using; work; working"
    ),
    FEEL: phrases(
        "experiencing; experience; experienced; suffering from; suffer from; struggling with;"
        " coping with; bothered by; dealing with"
    ),
    CONSIDER: phrases(
        "considering; consider; thinking about; think about; thinking of; interested in;"
        " planning; planning for; planning on; planning to; plan to; want to; wanting to; who"
        " want; hoping to; hope to; trying to; deciding about; deciding on; deciding whether to;"
        " contemplating; weighing; exploring; scheduled for; preparing for; facing a decision"
        " about"
    ),
    CONCERN: phrases(
        "concerned about; worried about; who worry about; worry about; anxious about; concerned"
        " with; with concerns about; concerned over"
    ),
    CARRY: phrases(
        "tested positive for; test positive for; testing positive for; who carry; carry;"
        " carrying; found to have; found to carry; inherit; inherited; who inherited; born with"
    ),
}
"""How a verb ties a person to what is named after it."""

TEST_NEGATIVE = phrases("tested negative for; test negative for; testing negative for")
STARTING = phrases(
    "taking; having; getting; undergoing; starting; receiving; using; choosing; to; whether to;"
    " whether or not to; have; take; undergo; start; get; receive; use; a; an; the; their; her;"
    " his"
)
"""Words between a plan and what is planned ("considering taking", "hoping to get")."""
HEADS = phrases(
    "people; person; patient; individual; anyone; anybody; everyone; everybody; someone;"
    " somebody; those; folks; human"
)
HAD_CANCER_HEADS = phrases("survivor; cancer survivor")
CARRIER_HEADS = phrases("carrier; mutation carrier; gene carrier; gene mutation carrier")
FOREIGN_HEADS = phrases(
    "caregiver; carer; care partner; clinician; doctor; physician; provider; health care"
    " provider; healthcare provider; medical provider; health care professional; healthcare"
    " professional; health professional; professional; nurse; oncologist; surgeon; radiologist;"
    " pathologist; gynecologist; genetic counselor; counselor; researcher; scientist; family;"
    " relative; family member; friend; partner; spouse; husband; wife; parent; mother; father;"
    " sister; brother; sibling; daughter; son; child; baby; loved one; advocate; policymaker;"
    " insurer; employer; public; community; caretaker; student; team; mouse; mice; rat; animal;"
    " veteran; volunteer; donor; navigator"
)
"""People (and mice) whom no answers describe."""
RELATIVES = phrases(
    "close relative; relative; family member; close family member; blood relative; close blood"
    " relative"
)
NEAR_RELATIVES = phrases(
    "parent; mother; father; sister; brother; sibling; daughter; son; aunt; grandmother; first"
    " degree relative; first degree family member; child"
)
"""Narrower than "a relative": kept as a word that could not be used."""
CANCER_NOUNS = phrases(
    "cancer; carcinoma; adenocarcinoma; malignancy; cancer diagnosis; disease; tumor"
)
GENE_NOUNS = phrases("mutation; variant; alteration; gene change; genetic change")
GENE_ADJECTIVES = phrases(
    "genetic; gene; pathogenic; likely pathogenic; pathogenic or likely pathogenic;"
    " deleterious; harmful; known; disease causing; cancer causing; confirmed"
)
GENE_STATES = phrases(
    "mutated; mutant; mut; altered; associated; related; linked; positive; mutation positive;"
    " variant positive; mutation associated; mutation related; gene positive"
)
INHERITED_WORDS = phrases("inherited; germline; hereditary; inherited germline; germ line")
TUMOR_WORDS = phrases("tumor; somatic; acquired; in the tumor; in their tumor; in tumor")
DETERMINERS = phrases(
    "a; an; the; any; all; their; his; her; personal; prior; previous; any type"
    " of; any kind of; any form of; a type of; a form of; some type of; diagnosis of; personal"
    " diagnosis of; all types of; all kinds of"
)
SKIPPED = phrases(
    "of any age; of all ages; at any age; any age; of any stage; at any stage; any stage; all"
    " stages; of all stages; of any kind; of any type; of any race; of all races; of any gender;"
    " of all genders; regardless of age; regardless of stage"
)
"""Phrases that restrict nothing."""
SAYS_NOTHING = phrases(
    "who have or have not had; who have had or have not had; with or without; with and without;"
    " whether or not they have; whether or not they have had;"
    " regardless of; irrespective of; no matter; whatever their"
)
"""What follows these restricts nothing."""
EXCEPT = phrases("except; except for; excluding; other than; but not; not including; apart from")
OPAQUE = phrases(
    "lobular carcinoma in situ; LCIS; hereditary breast and ovarian cancer syndrome; hereditary"
    " breast and ovarian cancer; hereditary breast cancer; HBOC; HBOC syndrome; variant of"
    " uncertain significance; variant of unknown significance; VUS; cancer of unknown primary;"
    " no evidence of disease; advanced age; early menopause"
)
"""Phrases whose parts must not be read by themselves."""
OTHER_WORDS = phrases("early onset; late onset; young onset; early age onset; early detected")
"""Modifiers that begin like a tag and mean something else."""
HEAD_NOUNS = key_set("people person patient individual woman man adult female male lady previvor")
"""Last words of tag phrases that can stand for people by themselves ("young adults")."""

ALIASES: dict[str, str] = {
    "TNBC": "triple negative breast cancer",
    "mTNBC": "metastatic triple negative breast cancer",
    "MBC": "metastatic breast cancer",
    "ABC": "advanced breast cancer",
    "EBC": "early stage breast cancer",
    "IBC": "inflammatory breast cancer",
    "ILC": "lobular breast cancer",
    "invasive lobular carcinoma": "lobular breast cancer",
    "lobular carcinoma": "lobular breast cancer",
    "IDC": "ductal breast cancer",
    "invasive ductal carcinoma": "ductal breast cancer",
    "ductal carcinoma": "ductal breast cancer",
    "DCIS": "in situ breast cancer",
    "ductal carcinoma in situ": "in situ breast cancer",
    "in situ ductal carcinoma": "in situ breast cancer",
    "mCRPC": "metastatic castration resistant prostate cancer",
    "nmCRPC": "nonmetastatic castration resistant prostate cancer",
    "CRPC": "castration resistant prostate cancer",
    "mCSPC": "metastatic castration sensitive prostate cancer",
    "mHSPC": "metastatic castration sensitive prostate cancer",
    "mPC": "metastatic prostate cancer",
    "CRC": "colorectal cancer",
    "mCRC": "metastatic colorectal cancer",
    "gBRCA": "inherited BRCA",
    "gBRCAm": "inherited BRCA mutation",
    "sBRCA": "tumor BRCA",
    "tBRCA": "tumor BRCA",
    "BRCAm": "BRCA mutation",
    "ESR1m": "ESR1 mutation",
    "HER 2": "HER2",
    "HER2/neu": "HER2",
    "HER2 neu": "HER2",
    "human epidermal growth factor receptor 2": "HER2",
    "prophylactic": "risk reducing",
    "preventive": "risk reducing",
    "preventative": "risk reducing",
    "w/": "with",
    "w/o": "without",
    "and/or": "or",
    "as well as": "and",
    "along with": "and",
    "but also": "and",
    "carcinoma in situ": "in situ cancer",
}
"""Short forms, and the words they stand for."""
