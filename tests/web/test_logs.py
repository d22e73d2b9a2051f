"""Logs: standard error alone, and no field that could hold an answer."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from flask import Flask

from matcher.web.logs import NAMING_ADDRESSES, configure_logs, keep_allowed, without_tokens


def test_a_field_that_is_not_allowed_is_dropped() -> None:
    line = {"event": "saved", "what": "a visit", "answers": {"er": "positive"}, "token": "x"}
    assert keep_allowed(None, "info", line) == {"event": "saved", "what": "a visit"}


def test_lines_go_to_standard_error_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    configure_logs()
    structlog.get_logger("test").warning("it broke", what="the disk", cancer="breast")
    structlog.reset_defaults()
    out, err = capsys.readouterr()
    assert out == ""
    line = json.loads(err)
    assert (line["event"], line["level"], line["what"]) == ("it broke", "warning", "the disk")
    assert "cancer" not in line


def test_numbers_of_rows_are_told_if_they_are_numbers() -> None:
    line = {"event": "failed", "row": 7, "count": 2}
    assert keep_allowed(None, "info", line) == line
    for odd in ("ann@example.org", True, 1.5, [7]):
        assert keep_allowed(None, "info", {"event": "x", "row": odd}) == {"event": "x"}


def test_of_an_error_its_places_are_told_and_not_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    structlog.reset_defaults()
    configure_logs()
    try:
        raise RuntimeError("ann@example.org has breast cancer")
    except RuntimeError:
        structlog.get_logger("test").error("a round broke off", exc_info=True)
    structlog.get_logger("test").error("nothing was raised", exc_info=True)
    structlog.reset_defaults()
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert "test_of_an_error_its_places_are_told_and_not_its_words" in first["where"]
    assert "test_logs.py:" in first["where"]
    assert "ann@example.org" not in json.dumps(first)
    assert "where" not in second


def test_whoever_embeds_the_application_keeps_their_own_logging() -> None:
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    configure_logs()
    kept = structlog.get_config()["processors"]
    structlog.reset_defaults()
    assert [type(one) for one in kept] == [structlog.processors.KeyValueRenderer]


@pytest.mark.parametrize("path", ["/confirm/", "/unsubscribe/", "/mute/", "/my-data/open/"])
@pytest.mark.parametrize("name", NAMING_ADDRESSES)
def test_the_token_of_a_mailed_link_is_in_no_line(
    app: Flask, caplog: pytest.LogCaptureFixture, path: str, name: str
) -> None:
    assert app.name == "matcher.web"
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(name).error('Exception on "%s" [%s]', f"{path}s3cret-T0ken?x=1", "POST")
    assert caplog.messages == [f'Exception on "{path}…?x=1" [POST]']


def test_other_addresses_stay_as_they_are() -> None:
    assert (
        without_tokens("GET /my-data/link /studies/confirm") == "GET /my-data/link /studies/confirm"
    )
