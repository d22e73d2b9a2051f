"""Routes: ``/match``, ``/questions``, ``/studies`` and ``/studies/{key}``."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from matcher.core.answers import Answers
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.core.text import LANGUAGES
from matcher.schemas.profiles import ProfileError, read_profile
from matcher.schemas.questions import PlanWords, questions_json
from matcher.schemas.results import outcome_json, study_json
from matcher.web.api.arguments import ApiBlueprint
from matcher.web.api.schemas import (
    USUAL_MATCHES,
    PageQuery,
    QuestionsBody,
    QuestionsQuery,
    StudyBody,
    StudyPage,
    match_request,
    outcome_body,
    questions_request,
)
from matcher.web.errors import ProblemApi
from matcher.web.problems import Fault, Problem
from matcher.web.site import site


def register(api: ProblemApi, book: Rulebook) -> None:
    """Add the API's routes to the application."""
    api.register_blueprint(_blueprint(book))


def _blueprint(book: Rulebook) -> ApiBlueprint:
    blueprint = ApiBlueprint("api", __name__, url_prefix="/api/v1", description="Matches")

    @blueprint.route("/match", methods=["POST"])
    @blueprint.arguments(match_request(book))
    @blueprint.response(200, outcome_body())
    def match(body: dict[str, Any]) -> dict[str, Any]:
        """Match a profile against the catalogue; nothing is stored."""
        here = site()
        answers = _answers_in(body, here.rulebook)
        outcome = here.matcher().match(answers, today=body.get("today") or here.today)
        return outcome_json(outcome, limit=body["limit"] or USUAL_MATCHES)

    @blueprint.route("/questions", methods=["POST"])
    @blueprint.arguments(questions_request(book))
    @blueprint.response(200, QuestionsBody)
    def ask(body: dict[str, Any]) -> dict[str, Any]:
        """What to ask a person next, and what each answer would change; nothing is stored."""
        here = site()
        answers = _answers_in(body, here.rulebook)
        return _plan_json(answers, today=body.get("today") or here.today, wishes=body)

    @blueprint.route("/questions")
    @blueprint.arguments(QuestionsQuery, location="query")
    @blueprint.response(200, QuestionsBody)
    def questions(query: dict[str, Any]) -> dict[str, Any]:
        """What to ask first, when nothing is known. Answers belong in a body, never here."""
        return _plan_json(Answers(), today=site().today, wishes=query)

    @blueprint.route("/studies")
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, StudyPage)
    def studies(query: dict[str, Any]) -> dict[str, Any]:
        """The catalogue in the order of its keys; `next` leads to the rest."""
        after, limit = query["after"], query["limit"]
        rest = [study for study in listed_studies() if study.key > after]
        page = rest[:limit]
        following = None
        if len(rest) > limit:
            parts = urlencode({"after": page[-1].key, "limit": limit})
            following = f"{url_for('api.studies')}?{parts}"
        return {"studies": [study_json(study) for study in page], "next": following}

    @blueprint.route("/studies/<key>")
    @blueprint.response(200, StudyBody)
    def study(key: str) -> dict[str, Any]:
        """One study; a superseded or retracted one keeps its address and says so."""
        found = next((s for s in site().matcher().catalogue.studies if s.key == key), None)
        if found is None:
            raise Problem(404, "There is no study with this key.")
        return study_json(found)

    return blueprint


def _answers_in(body: dict[str, Any], book: Rulebook) -> Answers:
    try:
        return read_profile({"answers": body.get("answers", {})}, book)
    except ProfileError as error:
        faults = [Fault(f.path, f.problem, f.value, f.allowed) for f in error.faults]
        raise Problem(422, "The profile has faults; each is named.", faults) from None


def _plan_json(answers: Answers, *, today: date, wishes: dict[str, Any]) -> dict[str, Any]:
    here = site()
    words = PlanWords(here.rulebook, here.words.texts, wishes["language"] or LANGUAGES[0])
    return questions_json(here.matcher().ask(answers, today=today), words, limit=wishes["limit"])


def listed_studies() -> list[Study]:
    """The studies that lists show, by key."""
    shown = (s for s in site().matcher().catalogue.studies if s.standing == "current")
    return sorted(shown, key=lambda study: study.key)
