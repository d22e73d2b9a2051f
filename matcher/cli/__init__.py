"""Command line: the product's verbs for people at a terminal and for scripts."""

from __future__ import annotations

import sys
from pkgutil import resolve_name

import click

from matcher.cli.later import Later, LaterGroup

__all__ = ["main"]

# Importing all of them would take two seconds of every start.
COMMANDS = {
    "serve": Later(
        "matcher.cli.serving:serve",
        "Run the web application; mails that people ask for go out within a minute.",
    ),
    "match": Later(
        "matcher.cli.matching:match",
        "Ranked, explained matches of one profile against the catalogue.",
    ),
    "explain": Later(
        "matcher.cli.matching:explain",
        "One study for one profile: every condition, the score, and what would make it fit.",
    ),
    "ask": Later(
        "matcher.cli.asking:ask",
        "The unanswered questions, most valuable first, with what each would change.",
    ),
    "read": Later(
        "matcher.cli.reading:read",
        "What the reader makes of an audience PHRASE, and every word that it did not use.",
    ),
    "study": Later("matcher.cli.studies:study", "Import, list, show, export and withdraw studies."),
    "profile": Later(
        "matcher.cli.records:profile",
        "Read profiles from hospital records and tables; nothing is stored.",
    ),
    "rules": Later("matcher.cli.rules:rules", "Check the rules, and run their worked cases."),
    "subscriber": Later(
        "matcher.cli.subscribers:subscriber",
        "Take in people who are to be mailed what is new for them.",
    ),
    "user": Later("matcher.cli.users:user", "Add and look after those who work at the desk."),
    "digest": Later("matcher.cli.digests:digest", "Plan and send what is new for each subscriber."),
    "mail": Later(
        "matcher.cli.mail:mail",
        "Check the sender of mails, and take in what mail servers send back.",
    ),
    "db": Later("matcher.cli.database:db", "Upgrade, back up and restore the database."),
    "keys": Later("matcher.cli.keys:keys", "Check the data keys, and change to another one."),
    "worker": Later(
        "matcher.cli.worker:worker",
        "Share the mails' work between many machines (PostgreSQL).",
    ),
    "bench": Later(
        "matcher.cli.bench:bench",
        "Time the engine on generated people and studies, beside other engines, and tell how.",
    ),
}


@click.group(
    cls=LaterGroup,
    later=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="matcher", message="%(prog)s %(version)s")
def commands() -> None:
    """Pair people's cancer profiles with the research that concerns them, and say why."""


def main() -> None:
    """Run one command; every known error becomes three lines on stderr and an exit code."""
    try:
        # Outside standalone mode click returns the code of a command that stopped itself.
        sys.exit(commands.main(prog_name="matcher", standalone_mode=False) or 0)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show(file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        sys.exit(resolve_name("matcher.cli.complaints:complain")(error))
