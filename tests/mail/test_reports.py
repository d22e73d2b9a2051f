"""Reports: what servers send back is read by its form, and never believed or tripped over."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.mail import reports
from matcher.mail.reports import Report, ReportError, Verdict, read_report

RETURN_PATH = "news+b" + "a" * 42 + "@example.org"


def bounce(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 No such user",
    to: str = RETURN_PATH,
    returned: str = "message/rfc822",
) -> bytes:
    """A delivery status as servers write it."""
    return f"""From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain

I am sorry to have to inform you.
--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 30 Nov 2026 08:00:00 +0000

Final-Recipient: rfc822; ana@example.net
Original-Recipient: rfc822;ana@example.net
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--XX
Content-Type: {returned}

From: news@example.org
To: ana@example.net
Message-ID: <{"0f" * 16}@example.org>
Subject: 2 new reviews for you

The body, with To: victim@example.org in it.
--XX--
""".replace("\n", "\r\n").encode()


def complaint(kind: str = "abuse") -> bytes:
    """A complaint as mailbox providers write it."""
    return f"""From: feedback@provider.example
To: reports@example.org
Subject: FW: 2 new reviews for you
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="YY"

--YY
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.
--YY
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Loop/1.0
Version: 1
Original-Mail-From: <{RETURN_PATH}>

--YY
Content-Type: text/rfc822-headers

From: news@example.org
Message-ID: <{"0f" * 16}@example.org>
--YY--
""".encode()


RETURNED = (f"<{'0f' * 16}@example.org>",)


def test_a_dead_address_with_the_way_back_to_its_mail() -> None:
    assert read_report(bounce()) == Report(Verdict.DEAD, "5.1.1", (RETURN_PATH,), RETURNED)


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "verdict"),
    [
        ("failed", "5.1.2", "", Verdict.DEAD),
        ("failed", "5.1.10", "", Verdict.DEAD),
        ("Failed (bad address)", "5.1.1 (unknown)", "", Verdict.DEAD),
        ("failed", "5.0.0", "smtp; 550-5.1.1 The account does not exist", Verdict.DEAD),
        ("failed", "5.1.7", "", Verdict.FAILED),
        ("failed", "5.1.8", "", Verdict.FAILED),
        ("failed", "5.1.11", "", Verdict.FAILED),
        ("failed", "5.2.2", "smtp; 552 5.2.2 mailbox full, was 5.1.1 before", Verdict.FAILED),
        ("failed", "5.7.1", "smtp; 550 5.1.1", Verdict.FAILED),
        ("failed", "5.0.0", "smtp; 550 rejected", Verdict.FAILED),
        ("failed", "", "", Verdict.FAILED),
        ("failed", "4.4.7", "", Verdict.DELAYED),
        ("delayed", "4.4.1", "", Verdict.DELAYED),
        ("delayed", "5.1.1", "", Verdict.DELAYED),
        ("delivered", "2.0.0", "", Verdict.DELIVERED),
        ("relayed", "5.1.1", "", Verdict.OTHER),
        ("", "5.1.1", "", Verdict.OTHER),
    ],
)
def test_only_a_failure_of_the_address_means_that_it_is_dead(
    action: str, status: str, diagnostic: str, verdict: Verdict
) -> None:
    report = read_report(bounce(action=action, status=status, diagnostic=diagnostic))
    assert report.verdict is verdict


@pytest.mark.parametrize("form", ["text/rfc822-headers", "message/global-headers"])
def test_the_mail_that_came_back_may_be_its_headers_alone(form: str) -> None:
    assert read_report(bounce(returned=form)).returned == RETURNED


def test_a_complaint_is_found_by_its_own_fields() -> None:
    sent_to = ("reports@example.org", RETURN_PATH)
    assert read_report(complaint()) == Report(Verdict.COMPLAINT, "abuse", sent_to, RETURNED)


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("opt-out", "complaint"), ("not-spam", "other"), ("virus", "other"), ("", "other")],
)
def test_not_all_feedback_is_a_complaint(kind: str, verdict: str) -> None:
    assert read_report(complaint(kind)).verdict == verdict


def test_a_long_mail_that_came_back_is_not_read_to_its_end() -> None:
    long = bounce().replace(b"The body", b"x\r\n" * 1_000_000)
    assert read_report(long).verdict is Verdict.DEAD


def test_a_footer_around_a_report_does_not_hide_it() -> None:
    head, _, body = bounce().partition(b"Content-Type: multipart/report")
    outer = (
        head
        + b'Content-Type: multipart/mixed; boundary="ZZ"\r\n\r\n--ZZ\r\n'
        + b"Content-Type: multipart/report"
        + body
        + b"\r\n--ZZ\r\nContent-Type: text/plain\r\n\r\nfooter\r\n--ZZ--\r\n"
    )
    assert read_report(outer).verdict is Verdict.DEAD


NO_REPORTS = {
    "nothing": b"",
    "a letter": b"To: a@b.org\r\nSubject: Out of office\r\n\r\nI am away.",
    "no status": bounce().replace(b"message/delivery-status", b"text/plain"),
    "too large": b"To: a@b.org\r\n\r\n" + b"x" * reports.LARGEST,
    "a report inside the mail that came back": (
        b'Content-Type: multipart/mixed; boundary="QQ"\r\n\r\n--QQ\r\n'
        b"Content-Type: message/rfc822\r\n\r\n" + bounce() + b"\r\n--QQ--\r\n"
    ),
}


@pytest.mark.parametrize("name", NO_REPORTS)
def test_what_is_no_report_is_refused(name: str) -> None:
    with pytest.raises(ReportError):
        read_report(NO_REPORTS[name])


def nested(depth: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return opened + bounce()


@pytest.mark.parametrize(
    "hostile",
    [
        nested(3_000),
        nested(190),
        nested(100)[: -len(bounce())] + b"\n" * 200_000,
        b"Content-Type: multipart/report; " + b'";' * 60_000 + b"\r\n\r\n",
        b'Content-Type: multipart/report; boundary="a"\r\n\r\n' + b"--a\r\n\r\nx\r\n" * 5_000,
        bounce().replace(b"text/plain", b'text/plain; charset="no-such-\xff\xfe"'),
        bounce().replace(b"Status: 5.1.1", b"Status: " + b"5." * 100_000),
        bounce().replace(b"To: ", b"To: \xff\xfe=?utf-8?b?////?= "),
        bounce().replace(b"boundary=", b"boundary*0*=utf-8''%ff; x="),
        bounce().replace(b"message/rfc822", b"message/rfc822\r\nContent-Transfer-Encoding: base64"),
        bounce(to="a" * 1_000_000),
        bounce(to=", ".join(f"u{n}@example.org" for n in range(20_000))),
        bounce(status="\0\x1b[2J5.1.1"),
    ],
    ids=range(13),
)
def test_hostile_mails_are_read_or_refused(hostile: bytes) -> None:
    try:
        report = read_report(hostile)
    except ReportError:
        return
    assert len(report.sent_to) <= 2 * reports.MOST_FOUND
    assert report.status is None or report.status.isprintable()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, 1_200), st.integers(0, 60), st.binary(max_size=30)), max_size=6
    ),
    st.booleans(),
)
def test_a_report_that_was_cut_and_filled_anywhere_never_trips_the_reader(
    cuts: list[tuple[int, int, bytes]], spam: bool
) -> None:
    raw = complaint() if spam else bounce()
    for place, length, filling in cuts:
        raw = raw[:place] + filling + raw[place + length :]
    try:
        read_report(raw)
    except ReportError:
        return
