"""Tables: all of them in one place, for the migrations and the inventory of what they hold."""

from __future__ import annotations

from sqlmodel import SQLModel

from matcher.store.accounts import (
    Account,
    AccountRole,
    DeskSession,
    Invitation,
    Organisation,
    Passkey,
    Role,
    SignInTry,
)
from matcher.store.deliveries import Delivery
from matcher.store.facts import DatabaseFact
from matcher.store.panel_people import PanelPerson
from matcher.store.panel_work import PersonNote, PersonStudy, StudyShare
from matcher.store.panels import Panel, PanelLook, PanelMember
from matcher.store.signups import MailboxLimit, NetworkLimit, Signup
from matcher.store.studies import StudyRow, StudyVersion
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import Suppression
from matcher.store.trail import TrailEntry
from matcher.store.visits import Visit

VERSION_TABLE = "matcher_schema"
QUEUE_SCHEMA = "matcher_queue"
"""Where the queue of many machines has its own tables, away from ours; no backup holds them."""

TABLES = (
    DatabaseFact,
    StudyRow,
    StudyVersion,
    Visit,
    Subscriber,
    Signup,
    MailboxLimit,
    NetworkLimit,
    Suppression,
    Delivery,
    Organisation,
    Account,
    Role,
    AccountRole,
    Passkey,
    DeskSession,
    Invitation,
    SignInTry,
    Panel,
    PanelMember,
    PanelLook,
    PanelPerson,
    PersonStudy,
    PersonNote,
    StudyShare,
    TrailEntry,
)

metadata = SQLModel.metadata
