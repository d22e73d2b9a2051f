"""The digests: subscribers, sign-ups with their limits, suppressions, the ledger of mails; visits
that a subscription opened."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = (
    "'due', 'claimed', 'retry', 'sending', 'sent', 'failed', 'uncertain', 'superseded', "
    "'empty', 'cancelled', 'expired'"
)
REASONS = "'unsubscribed', 'erased', 'ended', 'died', 'bounced', 'complained'"


def upgrade() -> None:
    """Make the tables."""
    _make_subscriber()
    _make_signup()
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"reason IN ({REASONS})", name=op.f("ck_suppression_reason")),
        sa.PrimaryKeyConstraint("address_hash", name="pk_suppression"),
    )
    _make_delivery()
    op.add_column("visit", sa.Column("subscription", sa.Text(), nullable=True))
    op.create_index("ix_visit_subscription", "visit", ["subscription"])


def _make_subscriber() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.LargeBinary(), nullable=True),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("stopped_reason", sa.Text(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_version", sa.Text(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "frequency IN ('weekly', 'monthly')", name=op.f("ck_subscriber_frequency")
        ),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_subscriber_language")),
        sa.CheckConstraint(
            "detail IN ('count', 'titles', 'full')", name=op.f("ck_subscriber_detail")
        ),
        sa.CheckConstraint(
            "standing IN ('active', 'paused', 'stopped')", name=op.f("ck_subscriber_standing")
        ),
        sa.CheckConstraint(
            "(standing = 'stopped') = (stopped_at IS NOT NULL)",
            name=op.f("ck_subscriber_stopped"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriber"),
        sa.UniqueConstraint("public_id", name="uq_subscriber_public_id"),
        sa.UniqueConstraint("address_hash", name="uq_subscriber_address_hash"),
        sqlite_autoincrement=True,
    )


def _make_signup() -> None:
    op.create_table(
        "signup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("mailbox_hash", sa.Text(), nullable=False),
        sa.Column("network_hash", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('subscribe', 'link')", name=op.f("ck_signup_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'mailed', 'kept', 'confirmed')", name=op.f("ck_signup_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signup"),
        sa.UniqueConstraint("token_hash", name="uq_signup_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signup_mailbox_hash", "signup", ["mailbox_hash"])
    op.create_index("ix_signup_asked_at", "signup", ["asked_at"])
    op.create_table(
        "mailbox_limit",
        sa.Column("mailbox_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unconfirmed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_hash", "kind", name="pk_mailbox_limit"),
    )
    op.create_table(
        "network_limit",
        sa.Column("network_hash", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("network_hash", "hour", name="pk_network_limit"),
    )


def _make_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=True),
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("items", sa.LargeBinary(), nullable=True),
        sa.Column("subscriber_version", sa.Integer(), nullable=True),
        sa.Column("catalogue_version", sa.Text(), nullable=True),
        sa.Column("rules_version", sa.Text(), nullable=True),
        sa.Column("template_version", sa.Text(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('digest', 'confirmation', 'link')", name=op.f("ck_delivery_kind")
        ),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_delivery_state")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name="fk_delivery_subscriber_id_subscriber",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"],
            ["signup.id"],
            name="fk_delivery_signup_id_signup",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("public_id", name="uq_delivery_public_id"),
        sa.UniqueConstraint("subscriber_id", "period", name="uq_delivery_subscriber_id_period"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_signup_id", "delivery", ["signup_id"])
    op.create_index("ix_delivery_state_next_at", "delivery", ["state", "next_at"])
