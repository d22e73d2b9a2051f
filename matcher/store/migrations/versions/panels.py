"""The navigator's desk: panels, their people, the work with each, the trail of it."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LANGUAGES = "language IN ('en', 'es')"


def upgrade() -> None:
    """Make the tables."""
    _make_panel()
    _make_person()
    _make_work()
    _make_trail()


def _id(name: str, **how: bool) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=how.get("nullable", False))


def _text(name: str, **how: bool) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=how.get("nullable", False))


def _time(name: str, **how: bool) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=how.get("nullable", False))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _make_panel() -> None:
    op.create_table(
        "panel",
        _id("id"),
        _text("public_id"),
        _id("organisation_id"),
        _text("name"),
        _id("owner_id"),
        _time("created_at"),
        _time("archived_at", nullable=True),
        _refers("panel", "organisation_id", "organisation"),
        _refers("panel", "owner_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_panel"),
        sa.UniqueConstraint("public_id", name="uq_panel_public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_panel_organisation_id", "panel", ["organisation_id"])
    op.create_index("ix_panel_owner_id", "panel", ["owner_id"])
    op.create_table(
        "panel_member",
        _id("panel_id"),
        _id("account_id"),
        _time("added_at"),
        _refers("panel_member", "panel_id", "panel"),
        _refers("panel_member", "account_id", "account"),
        sa.PrimaryKeyConstraint("panel_id", "account_id", name="pk_panel_member"),
    )
    op.create_index("ix_panel_member_account_id", "panel_member", ["account_id"])
    op.create_table(
        "panel_look",
        _id("id"),
        _id("panel_id"),
        _id("account_id"),
        _time("at"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _refers("panel_look", "panel_id", "panel"),
        _refers("panel_look", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_panel_look"),
        sa.UniqueConstraint("panel_id", "account_id", name="uq_panel_look_panel_id_account_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_panel_look_account_id", "panel_look", ["account_id"])


def _make_person() -> None:
    op.create_table(
        "panel_person",
        _id("id"),
        _text("public_id"),
        _id("panel_id"),
        _text("code"),
        _text("code_key"),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        _text("standing"),
        _text("language"),
        sa.Column("next_visit", sa.Date(), nullable=True),
        sa.Column("bring_up_by", sa.Date(), nullable=True),
        _id("owner_id"),
        _time("consent_at"),
        _id("version"),
        _time("created_at"),
        _time("changed_at"),
        sa.CheckConstraint(
            "standing IN ('active', 'archived', 'died')", name=op.f("ck_panel_person_standing")
        ),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_panel_person_language")),
        _refers("panel_person", "panel_id", "panel"),
        _refers("panel_person", "owner_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_panel_person"),
        sa.UniqueConstraint("public_id", name="uq_panel_person_public_id"),
        sa.UniqueConstraint("panel_id", "code_key", name="uq_panel_person_panel_id_code_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_panel_person_owner_id", "panel_person", ["owner_id"])


def _make_work() -> None:
    op.create_table(
        "person_study",
        _id("id"),
        _id("person_id"),
        _text("study"),
        _text("state"),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        _time("changed_at"),
        _id("by_id"),
        sa.CheckConstraint(
            "state IN ('new', 'shared', 'discussed', 'not_now', 'dismissed')",
            name=op.f("ck_person_study_state"),
        ),
        _refers("person_study", "person_id", "panel_person"),
        _refers("person_study", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_person_study"),
        sa.UniqueConstraint("person_id", "study", name="uq_person_study_person_id_study"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person_note",
        _id("id"),
        _id("person_id"),
        _text("study", nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        _time("at"),
        _id("by_id"),
        _refers("person_note", "person_id", "panel_person"),
        _refers("person_note", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_person_note"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "study_share",
        _id("id"),
        _id("person_id"),
        _text("study"),
        _id("version"),
        _text("language"),
        _time("at"),
        _id("by_id"),
        sa.CheckConstraint(LANGUAGES, name=op.f("ck_study_share_language")),
        _refers("study_share", "person_id", "panel_person"),
        _refers("study_share", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_study_share"),
        sqlite_autoincrement=True,
    )
    for table in ("person_study", "person_note", "study_share"):
        op.create_index(f"ix_{table}_by_id", table, ["by_id"])
    for table in ("person_note", "study_share"):
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])


def _make_trail() -> None:
    op.create_table(
        "trail_entry",
        _id("id"),
        _time("at"),
        _id("account_id"),
        _id("organisation_id"),
        _id("panel_id", nullable=True),
        _text("action"),
        _text("person", nullable=True),
        _text("study", nullable=True),
        _id("other_account_id", nullable=True),
        _id("count", nullable=True),
        _refers("trail_entry", "account_id", "account"),
        _refers("trail_entry", "organisation_id", "organisation"),
        _refers("trail_entry", "panel_id", "panel"),
        _refers("trail_entry", "other_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name="pk_trail_entry"),
        sqlite_autoincrement=True,
    )
    for column in ("at", "account_id", "organisation_id"):
        op.create_index(f"ix_trail_entry_{column}", "trail_entry", [column])
    op.create_index("ix_trail_entry_panel_id_person", "trail_entry", ["panel_id", "person"])
