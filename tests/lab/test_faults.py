"""Test: whatever the mail server does, one mail at most, nobody lost, no other held up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from matcher.core.rulebook import Rulebook
from matcher.mail.transport import Envelope, Outcome, SmtpTransport, Transport
from matcher.services.digests import pausing
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.subscribing import stopping
from matcher.services.subscribing.known_by import address_hashes
from matcher.store.database import session
from tests.lab.clock_control import WEEK
from tests.lab.inhabitants import ANSWERS, add_people, add_studies, address_of, change
from tests.lab.interfering import Interfering
from tests.lab.lab_site import PATIENT, Site
from tests.lab.smtp_double import Kind, SmtpDouble
from tests.lab.trial import quiet
from tests.lab.verdict import faults

STUDIES = ("one", "two")
LOGIN = ("sender", "a password")
SHORT = 0.3
"""Seconds to wait for a server that stalls. Others are waited for as long as a test may take."""

PUT_OFF, FAILED, UNSURE = "retry", "failed", "uncertain"
WITH_ONE = {
    "rcpt_421": PUT_OFF,
    "rcpt_451": PUT_OFF,
    "rcpt_stall": PUT_OFF,
    "data_451": PUT_OFF,
    "drop_mid_data": PUT_OFF,
    "after_dot_421": PUT_OFF,
    "after_dot_451": PUT_OFF,
    "rcpt_550": FAILED,
    "rcpt_550_5_1_1": FAILED,
    "rcpt_550_5_7_1": FAILED,
    "rcpt_552_5_2_2": FAILED,
    "data_554": FAILED,
    "after_dot_550_5_1_1": FAILED,
    "after_dot_550_5_7_1": FAILED,
    "after_dot_552": FAILED,
    "accept_then_drop": UNSURE,
    "accept_then_stall": UNSURE,
    "accept_then_garbage": UNSURE,
    "one_byte_a_second": PUT_OFF,
}
STALLING = ("rcpt_stall", "accept_then_stall", "one_byte_a_second", "stalled_banner")
STOPPED = "rcpt_550_5_1_1"
OURS = {
    "connect_421": "does not greet us: 421",
    "stalled_banner": "no answer in time",
    "drop_before_banner": "hung up",
    "starttls_broken": "cannot be talked to",
    "auth_535": "refuses the user or the password",
    "mail_from_451": "does not take our sender: 451",
    "mail_from_550": "does not take our sender: 550",
    "one_byte_a_second": "no answer in time",
}


@pytest.fixture(scope="module")
def running_double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    """One that wants to know who we are."""
    kind = Kind(pace=3.0, login=LOGIN)
    with SmtpDouble(tmp_path_factory.mktemp("double"), kind=kind) as started:
        yield started


def peopled(site: Site) -> Site:
    """The site with reviews for everybody, and a server that wants to know who we are."""
    assert site.settings.smtp
    user, password = LOGIN
    smtp = replace(site.settings.smtp, security="if_offered", user=user, password=password)
    site.settings = replace(site.settings, smtp=smtp)
    add_studies(site, *STUDIES)
    return site


@pytest.fixture
def site(store_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    return peopled(Site(store_url, tmp_path, rulebook, double))


@pytest.fixture
def one_site(sqlite_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    """Where the kind of database makes no difference."""
    return peopled(Site(sqlite_url, tmp_path, rulebook, double))


@dataclass(frozen=True)
class Impatient:
    """Waits not long for the mailboxes that stall, and sees others hang up before the dot."""

    transport: Transport
    site: Site

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        mode = envelope.recipient.partition("@")[0]

        def look() -> bool:
            if mode == "drop_mid_data":
                quiet(self.site.double)
            return before_dot()

        server = self.site.settings.smtp
        assert server
        if mode not in STALLING:
            return self.transport.send(envelope, before_dot=look)
        with SmtpTransport(server, timeout=SHORT) as short:
            return short.send(envelope, before_dot=look)

    def close(self) -> None:
        self.transport.close()


def states(site: Site, *names: str) -> dict[str, str]:
    """The state of the newest digest of each."""
    return {name: state for name, state in site.states().items() if name in names}


def accepted_for(site: Site, name: str) -> int:
    return sum(address_of(name) in one.recipients for one in site.double.accepted())


def judged(site: Site, *names: str) -> list[str]:
    """What is wrong after everybody named should have been told everything."""
    wanted = {address_of(name): STUDIES for name in names}
    return faults(site.rows(), site.double.accepted(), wanted=wanted)


def why_paused(site: Site) -> str:
    with site.engine() as engine, session(engine) as opened:
        pause = pausing.paused(opened)
        return pause.why if pause else ""


def test_one_bad_mailbox_among_good_ones(site: Site) -> None:
    modes, good = list(WITH_ONE), [f"good{number}" for number in range(5)]
    for number, name in enumerate(good):
        # Before, between and after the bad ones.
        add_people(site, name, *modes[number * 5 : (number + 1) * 5])
    site.plan()
    site.double.set_mode("ok", {f"{mode}@": mode for mode in WITH_ONE})
    assert site.send(wrap=lambda transport: Impatient(transport, site)).paused is None
    assert states(site, *good) == dict.fromkeys(good, "sent")
    assert states(site, *WITH_ONE) == WITH_ONE
    taken = {mode for mode in WITH_ONE if accepted_for(site, mode)}
    assert taken == {mode for mode, state in WITH_ONE.items() if state == UNSURE}

    site.double.set_mode("ok")
    site.clock.forward(timedelta(hours=1))
    site.send()
    put_off = [mode for mode, state in WITH_ONE.items() if state == PUT_OFF]
    assert states(site, *put_off) == dict.fromkeys(put_off, "sent")

    site.clock.forward(WEEK)
    site.plan()
    site.send()
    told = [name for name in (*good, *WITH_ONE) if name != STOPPED]
    assert judged(site, *told) == []
    assert accepted_for(site, STOPPED) == 0
    assert site.states()[STOPPED] == FAILED


def test_a_server_that_refuses_us_pauses_the_run(one_site: Site) -> None:
    for mode, why in OURS.items():
        names = f"{mode}-a", f"{mode}-b"
        add_people(one_site, *names)
        one_site.plan()
        one_site.double.set_mode(mode)
        one_site.timeout = SHORT if mode in STALLING else PATIENT
        paused = one_site.send().paused
        assert paused is not None, mode
        assert why in paused, mode
        assert why_paused(one_site) == paused
        assert states(one_site, *names) == dict.fromkeys(names, "due")
        assert accepted_for(one_site, names[0]) == 0

        one_site.double.set_mode("ok")
        one_site.timeout = PATIENT
        assert one_site.send().paused is None
        assert why_paused(one_site) == ""
        assert states(one_site, *names) == dict.fromkeys(names, "sent")
        assert judged(one_site, *names) == []


def test_three_days_of_later_end_in_the_next_digest(one_site: Site) -> None:
    add_people(one_site, "ann", "bea")
    one_site.plan()
    one_site.double.set_mode("ok", {"ann": "rcpt_451"})
    tries = 0
    while one_site.send().counts.get("retry"):
        tries += 1
        assert one_site.states() == {"ann": "retry", "bea": "sent"}
        one_site.clock.forward(timedelta(hours=12))
    assert tries == 6
    assert one_site.states() == {"ann": "expired", "bea": "sent"}

    one_site.double.set_mode("ok")
    one_site.clock.forward(WEEK - 6 * timedelta(hours=12))
    one_site.plan()
    one_site.send()
    assert judged(one_site, "ann", "bea") == []
    assert one_site.states()["ann"] == "sent"


def test_three_days_without_a_server_end_in_the_next_digest(one_site: Site) -> None:
    add_people(one_site, "ann")
    one_site.plan()
    one_site.double.set_mode("connect_421")
    for _ in range(4):
        one_site.send()
        one_site.clock.forward(timedelta(days=1))
    one_site.send()
    assert one_site.states() == {"ann": "expired"}

    one_site.double.set_mode("ok")
    one_site.clock.forward(timedelta(days=3))
    one_site.plan()
    one_site.send()
    assert judged(one_site, "ann") == []
    assert one_site.states() == {"ann": "sent"}


def stop(site: Site, name: str) -> None:
    with site.desk() as desk, session(desk.engine, writing=True) as opened:
        known_as = address_hashes(desk.hashes, address_of(name))[0]
        stopping.stop(opened, desk, known_as, reason="unsubscribed", now=site.clock())
        opened.commit()


def pause(site: Site, name: str) -> None:
    change(site, name, standing="paused")


def mute_all(site: Site, name: str) -> None:
    with site.desk() as desk:
        profile = seal_profile(desk.safe, Profile(ANSWERS, muted=STUDIES))
    change(site, name, profile=profile)


def test_what_people_do_while_their_mail_is_under_way_is_honoured(site: Site) -> None:
    deeds = {"stops": stop, "pauses": pause, "mutes": mute_all}
    add_people(site, *deeds, "other")
    site.plan()
    states_then = {}

    def before_look(envelope: Envelope) -> None:
        name = envelope.recipient.partition("@")[0]
        states_then[name] = site.states()[name]
        if name in deeds:
            deeds[name](site, name)

    site.send(wrap=lambda transport: Interfering(transport, before_look=before_look))
    assert states_then == dict.fromkeys((*deeds, "other"), "sending")
    site.clock.forward(timedelta(hours=1))
    site.send()
    ended = {"stops": "cancelled", "pauses": "cancelled", "mutes": "empty", "other": "sent"}
    assert site.states() == ended
    assert [one.recipients for one in site.double.accepted()] == [(address_of("other"),)]
