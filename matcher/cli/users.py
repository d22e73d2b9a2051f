"""Users: the commands that add, invite, disable and reset those who work at the desk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime

import click
from sqlmodel import Session

from matcher.cli.complaints import say
from matcher.cli.matching import json_option
from matcher.cli.opening import open_database
from matcher.cli.tables import print_json
from matcher.config import Settings, load_settings
from matcher.jobs.needs import require_mail
from matcher.services.accounts import people
from matcher.services.accounts.mailing import MAYBE_THERE, mail_invitation
from matcher.services.accounts.people import Invited, Listed
from matcher.services.keys import check_keys
from matcher.store.accounts import NAVIGATOR, ROLES, Account
from matcher.store.database import session

HOME = "http://127.0.0.1:8000"
"""Where `matcher serve` answers when no public address is set."""
NO_ADDRESS = (
    f"MATCHER_PUBLIC_URL is not set: the link is for {HOME}, where `matcher serve` answers on this "
    "machine. Elsewhere put the address of your site in its place."
)


mail_option = click.option(
    "--mail", "by_mail", is_flag=True, help="Mail the invitation, and do not print its link."
)


@click.group()
def user() -> None:
    """Add and look after those who work at the desk."""


@user.command()
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, default=(NAVIGATOR,), help=f"One of {', '.join(ROLES)}."
)
@click.option("--organisation", required=True, help="Its name; made if it is new.")
@click.option("--name", default="", help="What the person is called; the address, if left out.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
@mail_option
def add(
    email: str,
    *,
    roles: tuple[str, ...],
    organisation: str,
    name: str,
    language: str,
    by_mail: bool,
) -> None:
    """Add an account and print its invitation, a link that works once and for seven days.

    Give --role several times for several roles. Send the link to nobody but the person: whoever
    opens it chooses the password.
    """
    settings = _settings(by_mail=by_mail)
    with _opened(settings) as opened:
        invited = people.add_account(
            opened,
            email=email,
            name=name,
            roles=roles,
            organisation=organisation,
            language=language,
            now=datetime.now(UTC),
        )
    _hand_over(settings, invited, by_mail=by_mail)


@user.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """The accounts of all organisations."""
    with _opened(load_settings()) as opened:
        found = people.listed(opened)
    if as_json:
        print_json({"users": [asdict(one) for one in found]})
    for one in () if as_json else found:
        click.echo(_line(one))


@user.command()
@click.argument("email")
@mail_option
def invite(email: str, *, by_mail: bool) -> None:
    """Print a new invitation, in place of the earlier one."""
    _invited(email, by_mail, lambda s, one, now: people.invite_again(s, one, now=now))


@user.command()
@click.argument("email")
@mail_option
def reset(email: str, *, by_mail: bool) -> None:
    """Take password and second factors away, sign out everywhere, and print a new invitation."""
    _invited(email, by_mail, lambda s, one, now: people.reset(s, one, now=now))


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Shut an account out at once."""
    with _opened(load_settings()) as opened:
        people.disable(opened, people.find(opened, email), now=datetime.now(UTC))
    click.echo(f"{email} is disabled.")


@user.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let a disabled account sign in again."""
    with _opened(load_settings()) as opened:
        people.enable(opened, people.find(opened, email), now=datetime.now(UTC))
    click.echo(f"{email} is enabled.")


def _invited(
    email: str, by_mail: bool, act: Callable[[Session, Account, datetime], Invited]
) -> None:
    settings = _settings(by_mail=by_mail)
    with _opened(settings) as opened:
        invited = act(opened, people.find(opened, email), datetime.now(UTC))
    _hand_over(settings, invited, by_mail=by_mail)


def _settings(*, by_mail: bool) -> Settings:
    """The settings; asked before anything is changed whether they are enough for mails."""
    settings = load_settings()
    if by_mail:
        require_mail(settings)
    return settings


def _opened(settings: Settings) -> AbstractContextManager[Session]:
    engine = open_database(settings)
    check_keys(engine, settings)
    return session(engine, writing=True)


def _hand_over(settings: Settings, invited: Invited, *, by_mail: bool) -> None:
    if not by_mail:
        _print_link(settings, invited)
        return
    outcome = mail_invitation(settings, invited, now=datetime.now(UTC))
    if outcome.fate not in MAYBE_THERE:
        mend = "The account is there. Mend the mail, then: matcher user invite EMAIL --mail."
        say(f"the invitation was not mailed: {outcome.reason}", invited.account.email, mend)
        sys.exit(1)
    click.echo(f"The invitation was mailed to {invited.account.email}.", err=True)


def _print_link(settings: Settings, invited: Invited) -> None:
    """The link alone on stdout, so that a script can take it."""
    click.echo(f"Send this link to {invited.account.email}; it works once, for 7 days:", err=True)
    if not settings.public_url:
        click.echo(NO_ADDRESS, err=True)
    click.echo(f"{settings.public_url or HOME}/desk/join/{invited.token}")


def _line(one: Listed) -> str:
    standing = "disabled" if not one.active else "active" if one.joined else "invited"
    second = "second factor" if one.second_factor else "no second factor"
    told = (one.email, one.name, one.organisation, "+".join(one.roles), standing, second)
    return "  ".join(told)
