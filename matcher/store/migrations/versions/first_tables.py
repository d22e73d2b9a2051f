"""The first tables: studies with their earlier versions, visits, facts about the database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS = "'Study', 'Article', 'Update', 'Guideline', 'Topic', 'Personal Story', 'Trial'"
STANDINGS = "'current', 'superseded', 'retracted'"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "database_fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_database_fact"),
    )
    _make_study()
    op.create_table(
        "study_version",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_study_version_study_id_study"),
        sa.PrimaryKeyConstraint("study_id", "version", name="pk_study_version"),
    )
    op.create_table(
        "visit",
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_visit"),
    )
    op.create_index("ix_visit_expires_at", "visit", ["expires_at"])


def _make_study() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("posted", sa.Date(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_study_kind")),
        sa.CheckConstraint(f"standing IN ({STANDINGS})", name=op.f("ck_study_standing")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name=op.f("ck_study_withdrawn")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_study_version")),
        sa.PrimaryKeyConstraint("id", name="pk_study"),
        sa.UniqueConstraint("key", name="uq_study_key"),
        sa.UniqueConstraint("link", name="uq_study_link"),
    )
    op.create_index("ix_study_slug", "study", ["slug"])
