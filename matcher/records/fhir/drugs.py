"""Drugs: which classes of treatment the text of a medicine names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcher.records.fhir.coded import Codebook, loose

NO_MEDICINES = frozenset(
    [
        "surgery",
        "lumpectomy",
        "mastectomy",
        "oophorectomy",
        "reconstruction",
        "implant_reconstruction",
        "radiation",
        "none",
    ]
)
HER2 = "her2_targeted"


class Drugs:
    """The names of medicines in the rules (synonyms of `treatments`), longest first."""

    def __init__(self, words: Codebook) -> None:
        self.words = words
        lists = words.records.lists
        self._doubtful = frozenset(map(loose, lists.get("also_for_other_illness", ())))
        self._her2 = frozenset(map(loose, lists.get("also_her2_targeted", ())))
        self._stop = [
            loose(word)
            for name in ("not_for_the_body", "other_use")
            for word in lists.get(name, ())
        ]
        attribute = words.book.attributes.get("treatments")
        self._names = {
            loose(name): option.value
            for option in (attribute.options if attribute else ())
            if option.value not in NO_MEDICINES
            for name in (option.value, *option.synonyms)
        }
        longest = sorted(self._names, key=len, reverse=True)
        # Names stand between blanks; neighbours share one, so only the first is consumed.
        self._pattern = re.compile(
            "|".join(re.escape(name[:-1]) + "(?= )" for name in longest) or "(?!)"
        )

    def is_taken_back(self, texts: Sequence[str]) -> bool:
        """Whether a text says more than that this medicine is or was given for the cancer."""
        return any(stop in loose(text) for text in texts for stop in self._stop)

    def classes(self, texts: Sequence[str]) -> tuple[list[str], bool]:
        """The classes that the texts name, and whether all of them treat other illness too."""
        found: list[str] = []
        sure: list[bool] = []
        if self.is_taken_back(texts):
            return [], False
        for text in texts:
            words = loose(text)
            for match in self._pattern.finditer(words):
                name = f"{match[0]} "
                found.append(self._names[name])
                if name in self._her2:
                    found.append(HER2)
                sure.append(name not in self._doubtful)
        return list(dict.fromkeys(found)), bool(sure) and not any(sure)
