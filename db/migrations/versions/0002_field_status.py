"""The status of single fields: where each came from, by which evidence it was repaired, when it was last confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SUBJECT = """
CREATE VIEW desk_subject_field_status AS
SELECT it.id AS record_id, who.id AS person_id, COALESCE(who.organisation_id, it.organisation_id) AS organisation_id,
  COALESCE(who.aid, 'f_' || it.id) AS aid, who.relation_keys AS relation_keys, who.country AS country
FROM field_status AS it LEFT JOIN person AS who ON who.id = it.person_id
"""


def upgrade() -> None:
    """Add the table and the view of whose its rows are."""
    op.create_table('field_status',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('field', sa.String(), nullable=False),
        sa.Column('evidence', sa.String(), nullable=True),
        sa.Column('confirmed_on', sa.Date(), nullable=True),
        sa.Column('confirmed_under', sa.String(), nullable=True),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name='a_field_has_one_owner'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organisation_id', 'field', name='one_status_a_field_of_an_organisation'),
        sa.UniqueConstraint('person_id', 'field', name='one_status_a_field_of_a_person')
    )
    op.execute(SUBJECT)
