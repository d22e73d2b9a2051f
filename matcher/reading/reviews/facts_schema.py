"""Facts schema: what each field of a study's JSON object may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from matcher.core import conditions
from matcher.core.study import SET_MARKS, STANDINGS, Audience, Event, Section
from matcher.core.text import Text
from matcher.reading.reviews.drafts import MAX_ALSO, MAX_LABEL, MAX_TITLE
from matcher.reading.reviews.lines import tidy
from matcher.reading.reviews.links import check_link

MAX_TEXT = 100_000
MAX_PARTS = 200
KEY = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class TextField(fields.String):
    """Text that a table can hold; on one line, with single blanks, unless `lines`."""

    def __init__(self, *, longest: int = MAX_TITLE, lines: bool = False, **given: Any) -> None:
        super().__init__(**given)
        self.longest, self.lines = longest, lines

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if found := re.search("[\x00\ud800-\udfff]", text):
            raise ValidationError(f"holds the character U+{ord(found.group()):04X}")
        text = "\n".join(map(tidy, text.split("\n"))).strip() if self.lines else tidy(text)
        if len(text) > self.longest:
            raise ValidationError(f"has {len(text):,} characters; at most {self.longest:,}")
        if self.required and not text:
            raise ValidationError("is empty")
        return text


class DayField(fields.Field[date]):
    """A day as ``2026-02-19``."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        try:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValidationError("is not a day such as 2026-02-19")


class AudienceField(fields.Field[Audience]):
    """A label, or an object of a label and the condition that an editor settled for it."""

    label = TextField(longest=MAX_LABEL)

    def _text(self, value: Any) -> str:
        text: str = self.label.deserialize(value) or ""
        return text

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Audience:
        if not isinstance(value, Mapping):
            return Audience(self._text(value), None)
        if set(value) != {"text", "condition"}:
            raise ValidationError("is an object with text and condition, or a text")
        try:
            condition = conditions.from_json(value["condition"])
        except (ValueError, RecursionError) as error:
            raise ValidationError(str(error)) from None
        return Audience(self._text(value["text"]), condition, confirmed=True)


class WordsField(fields.Field[Text]):
    """The same words in English and Spanish."""

    words = TextField(longest=5_000, required=True)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Text:
        if not isinstance(value, Mapping) or set(value) != {"en", "es"}:
            raise ValidationError("is an object with en and es")
        return Text(*(str(self.words.deserialize(value[language])) for language in ("en", "es")))


class EventSchema(Schema):
    """One event: its day, words and link."""

    on = DayField(required=True)
    text = WordsField(required=True)
    url = TextField(longest=1_000, allow_none=True, load_default=None)


class SectionSchema(Schema):
    """One headed part of a page."""

    heading = TextField(required=True)
    text = TextField(longest=MAX_TEXT, lines=True, required=True)


class EventField(fields.Field[Event]):
    """One event, as `EventSchema` reads it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Event:
        event = Event(**EventSchema().load(value))
        if event.url and (fault := check_link(event.url)):
            raise ValidationError({"url": [f"is {fault}"]})
        return event


class SectionField(fields.Field[Section]):
    """One headed part, as `SectionSchema` reads it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Section:
        return Section(**SectionSchema().load(value))


class LinkField(TextField):
    """A whole http(s) link."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        link = super()._deserialize(value, attr, data, **kwargs)
        if link and (fault := check_link(link)):
            raise ValidationError(f"is {fault}")
        return link


class KeyField(TextField):
    """A study's key."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        key = super()._deserialize(value, attr, data, **kwargs)
        if not KEY.fullmatch(key) or key != key.lower():
            raise ValidationError("is not a key: lower-case words with single hyphens")
        return key


def _list(inner: fields.Field[Any], *, most: int = MAX_PARTS) -> fields.List[Any]:
    return fields.List(inner, allow_none=True, validate=validate.Length(max=most))


class FactsSchema(Schema):
    """A study's facts. Null and missing are the same: the source does not know."""

    key = KeyField(allow_none=True)
    title = TextField(required=True)
    url = LinkField(longest=1_000, allow_none=True)
    kind = TextField(allow_none=True)
    posted = TextField(allow_none=True)
    primary = AudienceField(allow_none=True)
    also = _list(AudienceField(), most=MAX_ALSO)
    relevance = TextField(allow_none=True)
    strength_of_science = TextField(allow_none=True)
    quality_of_writing = TextField(allow_none=True)
    research_timeline = TextField(allow_none=True)
    marks = _list(TextField(validate=validate.OneOf(SET_MARKS)))
    events = _list(EventField())
    standing = TextField(allow_none=True, validate=validate.OneOf(STANDINGS))
    summary = WordsField(allow_none=True)
    as_of = DayField(allow_none=True)
    topics = _list(TextField())
    sections = _list(SectionField())
    references = _list(TextField(longest=5_000))
