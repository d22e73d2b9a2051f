"""Posted: what a person chose on a question's page, as an answer of a profile or a kind refusal."""

from __future__ import annotations

from typing import Any, NoReturn

from werkzeug.datastructures import MultiDict

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute
from matcher.web.language import say, shown

FIRST = "answer"
LONGEST_NUMBER = 6


class FormError(Exception):
    """What to mend on a page, in the visitor's words, and the id of the input to mend."""

    def __init__(self, text: str, anchor: str = FIRST) -> None:
        super().__init__(text)
        self.text, self.anchor = text, anchor


def read_answer(attribute: Attribute, form: MultiDict[str, str]) -> Any:
    """The answer as a profile's JSON has it (contract, section 1). Raises `FormError`."""
    if attribute.kind == "integer":
        return _number(attribute, form)
    if attribute.kind == "many":
        return _many(attribute, list(dict.fromkeys(form.getlist("answer"))))
    return _one(attribute, form)


def choices(attribute: Attribute) -> tuple[str, ...]:
    """The values that a page offers, without "not sure" and "rather not say"."""
    if attribute.kind == "yes_no":
        return ("yes", "no")
    return tuple(option.value for option in attribute.options)


def _one(attribute: Attribute, form: MultiDict[str, str]) -> str:
    # Long lists offer "not sure" beside them, as numbers do.
    given = [value for value in (form.get("answer"), *form.getlist("choice")) if value]
    if not given:
        refuse("question.choose_one")
    if len(given) > 1:
        refuse("question.both")
    (value,) = given
    if value not in (*choices(attribute), UNKNOWN, DECLINED):
        refuse("question.not_offered")
    return value


def _many(attribute: Attribute, values: list[str]) -> Any:
    if not values:
        refuse("question.choose_many")
    if not set(values) <= {*choices(attribute), UNKNOWN, DECLINED}:
        refuse("question.not_offered")
    if len(values) == 1 and values[0] in (UNKNOWN, DECLINED):
        return values[0]
    if DECLINED in values:
        refuse("question.declined_alone")
    for option in attribute.options:
        if option.exclusive and option.value in values and len(values) > 1:
            refuse("question.none_alone", none=shown(option.label))
    return values


def _number(attribute: Attribute, form: MultiDict[str, str]) -> Any:
    typed = form.get("number", "").strip()
    chosen = [value for value in form.getlist("choice") if value in (UNKNOWN, DECLINED)]
    if not typed:
        return chosen[0] if len(chosen) == 1 else refuse("question.choose_number")
    if chosen:
        refuse("question.both")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER):
        refuse("question.not_number", example=(attribute.min + attribute.max) // 2)
    number = int(typed)
    if not attribute.min <= number <= attribute.max:
        refuse("question.out_of_range", min=attribute.min, max=attribute.max)
    return number


def refuse(key: str, *, anchor: str = FIRST, **values: Any) -> NoReturn:
    """Raise a `FormError` with a page text."""
    raise FormError(str(say(key, **values).unescape()), anchor)
