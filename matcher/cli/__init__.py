"""Command line: the product's verbs for people at a terminal and for scripts."""

from __future__ import annotations

import sys

import click

from matcher.cli.asking import ask
from matcher.cli.bench import bench
from matcher.cli.complaints import complain
from matcher.cli.database import db
from matcher.cli.digests import digest
from matcher.cli.keys import keys
from matcher.cli.mail import mail
from matcher.cli.matching import explain, match
from matcher.cli.reading import read
from matcher.cli.rules import rules
from matcher.cli.serving import serve
from matcher.cli.studies import study
from matcher.cli.subscribers import subscriber
from matcher.cli.worker import worker

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="matcher", message="%(prog)s %(version)s")
def commands() -> None:
    """Pair people's cancer profiles with the research that concerns them, and say why."""


for command in (
    serve,
    match,
    explain,
    ask,
    read,
    study,
    rules,
    subscriber,
    digest,
    mail,
    db,
    keys,
    worker,
    bench,
):
    commands.add_command(command)


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
        sys.exit(complain(error))
