"""Keys: whether they are those that the database was sealed with, and sealing anew under another.

The database holds proofs of the keys as facts: constants that were sealed and hashed with them.
They give nothing away, and show at the start, not in the middle of a mail, that a key is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from matcher.config import ConfigError, Settings
from matcher.crypto import KeyedHashes, Safe, SealError
from matcher.store.database import session
from matcher.store.facts import all_facts, drop_fact, put_fact
from matcher.store.sealed import holds_people, sealed_columns, sealed_values

DATA_KEY_CHECK = "data_key_check"
LOOKUP_KEY_CHECK = "lookup_key_check"
KEY_FILES = ("secret_key", "data_key", "lookup_key")
KNOWN = b"matcher data key"


def check_keys(engine: sa.Engine, settings: Settings) -> None:
    """See that the keys open what this database holds. Raises `ConfigError`."""
    with session(engine) as opened:
        facts = all_facts(opened)
        kept = holds_people(opened)
        if not kept or _is_proven(facts, settings):
            return
    with session(engine, writing=True) as opened:
        remember_keys(opened, settings)
        opened.commit()


def remember_keys(session: Session, settings: Settings) -> None:
    """Keep proofs of the present keys: call it where a person's data is first written.

    Does not commit. Raises `ConfigError` if the database was sealed with other keys.
    """
    facts = all_facts(session)
    if _is_proven(facts, settings):
        return
    if holds_people(session):
        check_facts(facts, settings)
        if DATA_KEY_CHECK not in facts:
            _open_one(session, settings)
    else:
        facts = {}
    proofs = (*_parts(facts, DATA_KEY_CHECK), *_new_data_proof(facts, settings))
    put_fact(session, DATA_KEY_CHECK, ",".join(proofs))
    known = dict.fromkeys((*_parts(facts, LOOKUP_KEY_CHECK), *_lookup_proofs(settings)))
    put_fact(session, LOOKUP_KEY_CHECK, ",".join(known))


def check_facts(facts: Mapping[str, str], settings: Settings) -> None:
    """See that the keys fit a database with these facts. Raises `ConfigError`."""
    safe = Safe(settings.data_key)
    for proof in _parts(facts, DATA_KEY_CHECK):
        if not _opens(safe, proof):
            raise _missing("data_key", settings)
    known = _lookup_proofs(settings)
    if not all(proof in known for proof in _parts(facts, LOOKUP_KEY_CHECK)):
        raise _missing("lookup_key", settings)


def keys_fit(session: Session, settings: Settings) -> bool:
    """Whether the keys are those of this database: a value they do not open is broken then."""
    try:
        check_facts(all_facts(session), settings)
    except ConfigError:
        return False
    return True


def renew_proof(session: Session, settings: Settings) -> None:
    """Everything is sealed with the first data key now: the others need not be there any more."""
    drop_fact(session, DATA_KEY_CHECK)
    put_fact(session, DATA_KEY_CHECK, *_new_data_proof({}, settings))


def first_data_key(settings: Settings) -> Safe:
    """The safe of the key that seals, which opens nothing that another sealed."""
    return Safe(settings.data_key.partition(",")[0])


def keys_beside_database(settings: Settings) -> list[Path]:
    """The key files that lie in the same folder as an SQLite database: one theft takes both."""
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return []
    folder = Path(url.database).absolute().parent
    return [folder / name for name in KEY_FILES if (folder / name).is_file()]


def _is_proven(facts: Mapping[str, str], settings: Settings) -> bool:
    """Whether the facts prove exactly these keys, so that there is nothing to do."""
    if DATA_KEY_CHECK not in facts or LOOKUP_KEY_CHECK not in facts:
        return False
    proofs, safe = _parts(facts, DATA_KEY_CHECK), Safe(settings.data_key)
    return (
        set(_parts(facts, LOOKUP_KEY_CHECK)) == set(_lookup_proofs(settings))
        and not _new_data_proof(facts, settings)
        and all(_opens(safe, proof) for proof in proofs)
    )


def _new_data_proof(facts: Mapping[str, str], settings: Settings) -> tuple[str, ...]:
    """A proof of the first data key, unless the facts hold one."""
    first = first_data_key(settings)
    if any(_opens(first, proof) for proof in _parts(facts, DATA_KEY_CHECK)):
        return ()
    return (first.seal(KNOWN).decode("ascii"),)


def _lookup_proofs(settings: Settings) -> tuple[str, ...]:
    return KeyedHashes(settings.lookup_key).of(LOOKUP_KEY_CHECK, "")


def _open_one(session: Session, settings: Settings) -> None:
    """Without proofs: see that the keys open one value of each sealed column."""
    safe = Safe(settings.data_key)
    for column in sealed_columns():
        for _, value in sealed_values(session, column, after=0, limit=1):
            try:
                safe.open(value)
            except SealError:
                raise _missing("data_key", settings) from None


def _opens(safe: Safe, proof: str) -> bool:
    try:
        return safe.open(proof.encode("ascii", "replace")) == KNOWN
    except SealError:
        return False


def _parts(facts: Mapping[str, str], name: str) -> list[str]:
    return [part for part in facts.get(name, "").split(",") if part]


def _missing(name: str, settings: Settings) -> ConfigError:
    return ConfigError(
        f"the {name.replace('_', ' ')} is not the one that the database was filled with",
        f"MATCHER_{name.upper()} or {settings.instance / name}",
        f"Bring the file {name} that was in the instance folder then (of several keys with "
        "commas between them, all); nothing was changed.",
    )
