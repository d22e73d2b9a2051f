"""Routes: ``/match``, ``/studies`` and ``/studies/{key}``."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import url_for

from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.schemas.profiles import ProfileError, read_profile
from matcher.schemas.results import outcome_json, study_json
from matcher.web.api.arguments import ApiBlueprint
from matcher.web.api.schemas import (
    USUAL_MATCHES,
    PageQuery,
    StudyBody,
    StudyPage,
    match_request,
    outcome_body,
)
from matcher.web.errors import ProblemApi
from matcher.web.problems import Fault, Problem
from matcher.web.site import site


def register(api: ProblemApi, book: Rulebook) -> None:
    """Add the API's routes to the application."""
    api.register_blueprint(_blueprint(book))


def _blueprint(book: Rulebook) -> ApiBlueprint:
    blueprint = ApiBlueprint("api", __name__, url_prefix="/api/v1", description="Matches")

    @blueprint.route("/match", methods=["POST"])  # type: ignore[untyped-decorator]
    @blueprint.arguments(match_request(book))  # type: ignore[untyped-decorator]
    @blueprint.response(200, outcome_body())  # type: ignore[untyped-decorator]
    def match(body: dict[str, Any]) -> dict[str, Any]:
        """Match a profile against the catalogue; nothing is stored."""
        here = site()
        try:
            answers = read_profile({"answers": body.get("answers", {})}, here.rulebook)
        except ProfileError as error:
            faults = [Fault(f.path, f.problem, f.value, f.allowed) for f in error.faults]
            raise Problem(422, "The profile has faults; each is named.", faults) from None
        outcome = here.matcher().match(answers, today=body.get("today") or here.today)
        return outcome_json(outcome, limit=body["limit"] or USUAL_MATCHES)

    @blueprint.route("/studies")  # type: ignore[untyped-decorator]
    @blueprint.arguments(PageQuery, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, StudyPage)  # type: ignore[untyped-decorator]
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

    @blueprint.route("/studies/<key>")  # type: ignore[untyped-decorator]
    @blueprint.response(200, StudyBody)  # type: ignore[untyped-decorator]
    def study(key: str) -> dict[str, Any]:
        """One study; a superseded or retracted one keeps its address and says so."""
        found = next((s for s in site().matcher().catalogue.studies if s.key == key), None)
        if found is None:
            raise Problem(404, "There is no study with this key.")
        return study_json(found)

    return blueprint


def listed_studies() -> list[Study]:
    """The studies that lists show, by key."""
    shown = (s for s in site().matcher().catalogue.studies if s.standing == "current")
    return sorted(shown, key=lambda study: study.key)
