"""The start: people, sales, licences, support, sharing, requests, staff, the log, and what an ORM cannot say of them."""

import sqlalchemy as sa
from alembic import op

from staffdesk.data.assets import sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.String().with_variant(sa.String(collation="C"), "postgresql")

# Whose record a row is: its person's audit id and keyed digests, or its own where there is no person.
SUBJECTS = {
    "person": ("person AS it", "it.id", "it.organisation_id", "it.aid"),
    "organisation": ("organisation AS it", "NULL", "it.id", "it.aid"),
    "sales_order": ("sales_order AS it", "it.person_id", "it.organisation_id", "it.aid"),
    "order_line": ("order_line AS it JOIN sales_order AS o ON o.id = it.order_id", "o.person_id", "o.organisation_id", "o.aid"),
    "invoice": ("invoice AS it JOIN sales_order AS o ON o.id = it.order_id", "o.person_id", "o.organisation_id", "o.aid"),
    "shipment": ("shipment AS it JOIN sales_order AS o ON o.id = it.order_id", "o.person_id", "o.organisation_id", "o.aid"),
    "product_subscription": ("product_subscription AS it", "it.person_id", "it.organisation_id", "'p_' || it.id"),
    "licence": ("licence AS it", "it.person_id", "it.organisation_id", "it.aid"),
    "activation": ("activation AS it JOIN licence AS l ON l.id = it.licence_id", "l.person_id", "l.organisation_id", "l.aid"),
    "support_case": ("support_case AS it", "it.person_id", "it.organisation_id", "it.aid"),
    "contact_report": ("contact_report AS it", "it.person_id", "it.organisation_id", "'t_' || it.id"),
    "subscription": ("subscription AS it", "it.person_id", "NULL", "'n_' || it.id"),
    "request": ("request AS it", "it.person_id", "NULL", "it.aid"),
}

SUBJECT = """
CREATE VIEW desk_subject_{table} AS
SELECT it.id AS record_id, who.id AS person_id, COALESCE(who.organisation_id, {organisation}) AS organisation_id,
  COALESCE(who.aid, {aid}) AS aid, who.relation_keys AS relation_keys, who.country AS country
FROM {source} LEFT JOIN person AS who ON who.id = {person}
"""

# What a reference is worth is decided from these alone; a closed or answered one is no longer in hand.
REFERENCES = {
    "case": """
SELECT number, id AS record_id, aid, person_id, organisation_id, opened_by AS made_by, origin, opened_at AS at,
  CASE WHEN closed_at IS NULL THEN 1 ELSE 0 END AS is_open FROM support_case
""",
    "request": """
SELECT number, id AS record_id, aid, person_id, CAST(NULL AS bigint) AS organisation_id, received_by AS made_by,
  CAST(NULL AS text) AS origin, received_at AS at,
  CASE WHEN state IN ('completed', 'refused', 'lapsed', 'withdrawn', 'no_data', 'archived', 'purged') THEN 0 ELSE 1 END AS is_open
FROM request
""",
    "order": """
SELECT number_normal AS number, id AS record_id, aid, person_id, organisation_id, CAST(NULL AS text) AS made_by,
  CAST(NULL AS text) AS origin, ordered_at AS at,
  CASE WHEN is_test OR state = 'cancelled' THEN 0 ELSE 1 END AS is_open FROM sales_order
""",
    "licence": """
SELECT serial_key AS number, id AS record_id, aid, person_id, organisation_id, CAST(NULL AS text) AS made_by,
  CAST(NULL AS text) AS origin, CAST(NULL AS bigint) AS at, 1 AS is_open FROM licence
""",
}


def upgrade() -> None:
    """Build everything."""
    _tables()
    dialect = "postgres" if op.get_bind().dialect.name == "postgresql" else "sqlite"
    for name in ("append_only_log", "word_index"):
        for statement in sql(dialect, name):
            op.get_bind().exec_driver_sql(statement)
    for table, (source, person, organisation, aid) in SUBJECTS.items():
        op.execute(SUBJECT.format(table=table, source=source, person=person, organisation=organisation, aid=aid))
    for kind, statement in REFERENCES.items():
        op.execute(f"CREATE VIEW desk_reference_{kind} AS {statement}")


def _tables() -> None:
    op.create_table('checkpoint',
        sa.Column('size', BIG, nullable=False),
        sa.Column('t', BIG, nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('frontier', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('size')
    )
    op.create_table('counter',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('last', BIG, nullable=False),
        sa.PrimaryKeyConstraint('name', 'year')
    )
    op.create_table('entry',
        sa.Column('seq', BIG, nullable=False),
        sa.Column('core', sa.LargeBinary(), nullable=True),
        sa.Column('leaf', sa.LargeBinary(), nullable=False),
        sa.Column('t', BIG, nullable=True),
        sa.Column('act', sa.String(), nullable=True),
        sa.Column('out', sa.String(), nullable=True),
        sa.Column('actor', sa.String(), nullable=True),
        sa.Column('purpose', sa.String(), nullable=True),
        sa.Column('ref', sa.String(), nullable=True),
        sa.Column('standing', sa.String(), nullable=True),
        sa.Column('level', sa.String(), nullable=True),
        sa.PrimaryKeyConstraint('seq')
    )
    op.create_index('entry_act', 'entry', ['act', 'seq'], unique=False)
    op.create_index('entry_actor', 'entry', ['actor', 'seq'], unique=False)
    op.create_index('entry_purpose', 'entry', ['purpose', 'seq'], unique=False)
    op.create_index('entry_standing', 'entry', ['standing', 'seq'], unique=False)
    op.create_index('entry_t', 'entry', ['t', 'seq'], unique=False)
    op.create_table('entry_subject',
        sa.Column('seq', BIG, nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('seq', 'aid'),
        sqlite_with_rowid=False
    )
    op.create_index('entry_subject_aid', 'entry_subject', ['aid', 'seq'], unique=False)
    op.create_table('head',
        sa.Column('id', sa.SmallInteger(), nullable=False),
        sa.Column('seq', BIG, nullable=False),
        sa.Column('origin', sa.String(), nullable=False),
        sa.Column('t', BIG, nullable=False),
        sa.CheckConstraint('id = 1', name='one_head'),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_table('opening',
        sa.Column('seq', BIG, nullable=False),
        sa.Column('field', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('salt', sa.LargeBinary(), nullable=False),
        sa.Column('value', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('seq', 'field'),
        sqlite_with_rowid=False
    )
    op.create_table('organisation',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('vat_number', sa.String(), nullable=True),
        sa.Column('street', sa.String(), nullable=True),
        sa.Column('postal_code', sa.String(), nullable=True),
        sa.Column('city', sa.String(), nullable=True),
        sa.Column('region', sa.String(), nullable=True),
        sa.Column('country', sa.String(), nullable=True),
        sa.Column('web', sa.String(), nullable=True),
        sa.Column('is_customer', sa.Boolean(), nullable=False),
        sa.Column('is_supplier', sa.Boolean(), nullable=False),
        sa.Column('is_partner', sa.Boolean(), nullable=False),
        sa.Column('sole_trader', sa.Boolean(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('sort_name', FOLDED, nullable=False),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('aid')
    )
    op.create_index(op.f('ix_organisation_sort_name'), 'organisation', ['sort_name'], unique=False)
    op.create_table('policy_version',
        sa.Column('id', BIG, nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('in_force_on', sa.Date(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('summary', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('code')
    )
    op.create_table('product',
        sa.Column('id', BIG, nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('code')
    )
    op.create_table('recipient',
        sa.Column('id', BIG, nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('country', sa.String(), nullable=False),
        sa.Column('purpose', sa.String(), nullable=False),
        sa.Column('contract', sa.String(), nullable=True),
        sa.Column('mechanism', sa.String(), nullable=True),
        sa.Column('mechanism_until', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('code')
    )
    op.create_table('staff',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('user_name', sa.String(), nullable=False),
        sa.Column('full_name', sa.String(), nullable=False),
        sa.Column('employee_number', sa.String(), nullable=False),
        sa.Column('email', sa.String(), nullable=True),
        sa.Column('entity', sa.String(), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('valid_until', sa.Date(), nullable=True),
        sa.Column('disabled_at', BIG, nullable=True),
        sa.Column('in_force', sa.Boolean(), nullable=False),
        sa.Column('password_hash', sa.String(), nullable=False),
        sa.Column('password_once', sa.Boolean(), nullable=False),
        sa.Column('password_expires_at', BIG, nullable=True),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('relation_keys', sa.String(), nullable=False),
        sa.Column('created_at', BIG, nullable=False),
        sa.CheckConstraint("entity IN ('BE', 'US')", name='entity_is_listed'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('employee_number'),
        sa.UniqueConstraint('user_name')
    )
    op.create_table('throttle',
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('retry_at', BIG, nullable=False),
        sa.PrimaryKeyConstraint('key')
    )
    op.create_table('import_run',
        sa.Column('id', BIG, nullable=False),
        sa.Column('store', sa.String(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('started_at', BIG, nullable=False),
        sa.Column('staff_id', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_table('pending_change',
        sa.Column('id', BIG, nullable=False),
        sa.Column('staff_id', sa.String(), nullable=False),
        sa.Column('roles', sa.String(), nullable=False),
        sa.Column('requested_by', sa.String(), nullable=False),
        sa.Column('requested_at', BIG, nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('decided_by', sa.String(), nullable=True),
        sa.Column('decided_at', BIG, nullable=True),
        sa.ForeignKeyConstraint(['decided_by'], ['staff.id'], ),
        sa.ForeignKeyConstraint(['requested_by'], ['staff.id'], ),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_pending_change_staff_id'), 'pending_change', ['staff_id'], unique=False)
    op.create_table('person',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('given_name', sa.String(), nullable=True),
        sa.Column('family_name', sa.String(), nullable=True),
        sa.Column('job_title', sa.String(), nullable=True),
        sa.Column('function', sa.String(), nullable=True),
        sa.Column('email', sa.String(), nullable=True),
        sa.Column('phone', sa.String(), nullable=True),
        sa.Column('street', sa.String(), nullable=True),
        sa.Column('postal_code', sa.String(), nullable=True),
        sa.Column('city', sa.String(), nullable=True),
        sa.Column('region', sa.String(), nullable=True),
        sa.Column('user_name', sa.String(), nullable=True),
        sa.Column('country', sa.String(), nullable=True),
        sa.Column('language', sa.String(), nullable=True),
        sa.Column('store', sa.String(), nullable=True),
        sa.Column('account_id', sa.String(), nullable=True),
        sa.Column('mark', sa.String(), nullable=True),
        sa.Column('is_customer', sa.Boolean(), nullable=False),
        sa.Column('is_supplier', sa.Boolean(), nullable=False),
        sa.Column('is_partner', sa.Boolean(), nullable=False),
        sa.Column('confirmed_on', sa.Date(), nullable=True),
        sa.Column('email_normal', sa.String(), nullable=True),
        sa.Column('phone_normal', sa.String(), nullable=True),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('sort_name', FOLDED, nullable=False),
        sa.Column('relation_keys', sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.CheckConstraint('given_name IS NOT NULL OR family_name IS NOT NULL OR email IS NOT NULL OR user_name IS NOT NULL', name='a_person_has_a_name'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('aid')
    )
    op.create_index(op.f('ix_person_account_id'), 'person', ['account_id'], unique=False)
    op.create_index(op.f('ix_person_email_normal'), 'person', ['email_normal'], unique=False)
    op.create_index(op.f('ix_person_organisation_id'), 'person', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_person_phone_normal'), 'person', ['phone_normal'], unique=False)
    op.create_table('session',
        sa.Column('sid', sa.String(), nullable=False),
        sa.Column('staff_id', sa.String(), nullable=False),
        sa.Column('host', sa.String(), nullable=False),
        sa.Column('started_at', BIG, nullable=False),
        sa.Column('seen_at', BIG, nullable=False),
        sa.Column('locked', sa.Boolean(), nullable=False),
        sa.Column('ended_at', BIG, nullable=True),
        sa.Column('end_reason', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
        sa.PrimaryKeyConstraint('sid')
    )
    op.create_index('session_of_staff', 'session', ['staff_id', 'host', 'started_at'], unique=False)
    op.create_table('staff_role',
        sa.Column('staff_id', sa.String(), nullable=False),
        sa.Column('role', sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('support', 'sales', 'finance', 'privacy', 'approver', 'admin', 'auditor')", name='role_is_listed'),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
        sa.PrimaryKeyConstraint('staff_id', 'role')
    )
    op.create_table('product_subscription',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('store', sa.String(), nullable=False),
        sa.Column('store_subscription_id', sa.String(), nullable=False),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('sku', sa.String(), nullable=True),
        sa.Column('product_name', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('quantity', sa.Integer(), nullable=False),
        sa.Column('currency', sa.String(), nullable=True),
        sa.Column('price', sa.String(), nullable=True),
        sa.Column('started_on', sa.Date(), nullable=True),
        sa.Column('next_on', sa.Date(), nullable=True),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.Column('changed_at', BIG, nullable=False),
        sa.Column('is_test', sa.Boolean(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('store', 'store_subscription_id', name='a_subscription_comes_once')
    )
    op.create_index(op.f('ix_product_subscription_organisation_id'), 'product_subscription', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_product_subscription_person_id'), 'product_subscription', ['person_id'], unique=False)
    op.create_table('request',
        sa.Column('id', BIG, nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('received_at', BIG, nullable=False),
        sa.Column('registered_at', BIG, nullable=False),
        sa.Column('received_by', sa.String(), nullable=False),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('hard_due', sa.Date(), nullable=False),
        sa.Column('soft_due', sa.Date(), nullable=False),
        sa.Column('policy', sa.String(), nullable=False),
        sa.Column('requester', sa.String(), nullable=False),
        sa.Column('reply_address', sa.String(), nullable=False),
        sa.Column('note', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.ForeignKeyConstraint(['received_by'], ['staff.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('aid'),
        sa.UniqueConstraint('number')
    )
    op.create_index(op.f('ix_request_person_id'), 'request', ['person_id'], unique=False)
    op.create_index(op.f('ix_request_received_by'), 'request', ['received_by'], unique=False)
    op.create_table('sales_order',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('number_normal', sa.String(), nullable=False),
        sa.Column('store', sa.String(), nullable=False),
        sa.Column('store_order_id', sa.String(), nullable=False),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('ordered_at', BIG, nullable=False),
        sa.Column('currency', sa.String(), nullable=False),
        sa.Column('total', sa.String(), nullable=False),
        sa.Column('tax', sa.String(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('payment_state', sa.String(), nullable=True),
        sa.Column('paid_on', sa.Date(), nullable=True),
        sa.Column('is_test', sa.Boolean(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('aid'),
        sa.UniqueConstraint('store', 'store_order_id', name='an_order_comes_once')
    )
    op.create_index(op.f('ix_sales_order_number_normal'), 'sales_order', ['number_normal'], unique=False)
    op.create_index(op.f('ix_sales_order_organisation_id'), 'sales_order', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_sales_order_person_id'), 'sales_order', ['person_id'], unique=False)
    op.create_table('subscription',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('person_id', BIG, nullable=False),
        sa.Column('list_name', sa.String(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('basis', sa.String(), nullable=True),
        sa.Column('evidence', sa.String(), nullable=True),
        sa.Column('started_on', sa.Date(), nullable=True),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_subscription_person_id'), 'subscription', ['person_id'], unique=False)
    op.create_table('support_case',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('origin', sa.String(), nullable=False),
        sa.Column('product_name', sa.String(), nullable=True),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('opened_by', sa.String(), nullable=False),
        sa.Column('opened_at', BIG, nullable=False),
        sa.Column('closed_at', BIG, nullable=True),
        sa.Column('recognised', sa.String(), nullable=True),
        sa.Column('caller', sa.String(), nullable=True),
        sa.Column('summary', sa.String(), nullable=True),
        sa.Column('resolution', sa.String(), nullable=True),
        sa.CheckConstraint("origin IN ('own', 'ticket', 'message')", name='origin_is_listed'),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['opened_by'], ['staff.id'], ),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('aid'),
        sa.UniqueConstraint('number')
    )
    op.create_index(op.f('ix_support_case_opened_by'), 'support_case', ['opened_by'], unique=False)
    op.create_index(op.f('ix_support_case_organisation_id'), 'support_case', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_support_case_person_id'), 'support_case', ['person_id'], unique=False)
    op.create_table('contact_report',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('case_id', BIG, nullable=True),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('contact_at', BIG, nullable=False),
        sa.Column('author_id', sa.String(), nullable=True),
        sa.Column('topic', sa.String(), nullable=False),
        sa.Column('body', sa.String(), nullable=True),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['author_id'], ['staff.id'], ),
        sa.ForeignKeyConstraint(['case_id'], ['support_case.id'], ),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_contact_report_case_id'), 'contact_report', ['case_id'], unique=False)
    op.create_index(op.f('ix_contact_report_organisation_id'), 'contact_report', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_contact_report_person_id'), 'contact_report', ['person_id'], unique=False)
    op.create_table('disclosure',
        sa.Column('id', BIG, nullable=False),
        sa.Column('recipient_id', BIG, nullable=False),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('order_id', BIG, nullable=True),
        sa.Column('classes', sa.String(), nullable=False),
        sa.Column('purpose', sa.String(), nullable=False),
        sa.Column('disclosed_on', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(['order_id'], ['sales_order.id'], ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.ForeignKeyConstraint(['recipient_id'], ['recipient.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index('disclosure_person', 'disclosure', ['person_id'], unique=False)
    op.create_table('invoice',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('order_id', BIG, nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('number_normal', sa.String(), nullable=False),
        sa.Column('invoiced_on', sa.Date(), nullable=False),
        sa.Column('billing_name', sa.String(), nullable=True),
        sa.Column('billing_company', sa.String(), nullable=True),
        sa.Column('billing_street', sa.String(), nullable=True),
        sa.Column('billing_postal_code', sa.String(), nullable=True),
        sa.Column('billing_city', sa.String(), nullable=True),
        sa.Column('billing_country', sa.String(), nullable=True),
        sa.Column('vat_number', sa.String(), nullable=True),
        sa.Column('currency', sa.String(), nullable=False),
        sa.Column('total', sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['order_id'], ['sales_order.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_invoice_number_normal'), 'invoice', ['number_normal'], unique=False)
    op.create_index(op.f('ix_invoice_order_id'), 'invoice', ['order_id'], unique=False)
    op.create_table('licence',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('aid', sa.String(), nullable=False),
        sa.Column('serial', sa.String(), nullable=False),
        sa.Column('serial_normal', sa.String(), nullable=False),
        sa.Column('serial_key', sa.String(), nullable=False),
        sa.Column('product_id', BIG, nullable=True),
        sa.Column('product_name', sa.String(), nullable=False),
        sa.Column('version', sa.String(), nullable=True),
        sa.Column('order_id', BIG, nullable=True),
        sa.Column('person_id', BIG, nullable=True),
        sa.Column('organisation_id', BIG, nullable=True),
        sa.Column('seats', sa.Integer(), nullable=False),
        sa.Column('issued_on', sa.Date(), nullable=True),
        sa.Column('status', sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['order_id'], ['sales_order.id'], ),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
        sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('aid')
    )
    op.create_index(op.f('ix_licence_order_id'), 'licence', ['order_id'], unique=False)
    op.create_index(op.f('ix_licence_organisation_id'), 'licence', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_licence_person_id'), 'licence', ['person_id'], unique=False)
    op.create_index(op.f('ix_licence_serial_key'), 'licence', ['serial_key'], unique=False)
    op.create_index(op.f('ix_licence_serial_normal'), 'licence', ['serial_normal'], unique=False)
    op.create_table('order_line',
        sa.Column('id', BIG, nullable=False),
        sa.Column('order_id', BIG, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('product_id', BIG, nullable=True),
        sa.Column('sku', sa.String(), nullable=True),
        sa.Column('description', sa.String(), nullable=False),
        sa.Column('quantity', sa.Integer(), nullable=False),
        sa.Column('amount', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['order_id'], ['sales_order.id'], ),
        sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_order_line_order_id'), 'order_line', ['order_id'], unique=False)
    op.create_table('shipment',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('order_id', BIG, nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('shipped_on', sa.Date(), nullable=True),
        sa.Column('delivered_on', sa.Date(), nullable=True),
        sa.Column('carrier', sa.String(), nullable=True),
        sa.Column('tracking', sa.String(), nullable=True),
        sa.Column('recipient_name', sa.String(), nullable=True),
        sa.Column('street', sa.String(), nullable=True),
        sa.Column('postal_code', sa.String(), nullable=True),
        sa.Column('city', sa.String(), nullable=True),
        sa.Column('country', sa.String(), nullable=True),
        sa.Column('phone', sa.String(), nullable=True),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['order_id'], ['sales_order.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_shipment_order_id'), 'shipment', ['order_id'], unique=False)
    op.create_table('activation',
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('obtained_on', sa.Date(), nullable=False),
        sa.Column('event', sa.String(), nullable=True),
        sa.Column('partner_id', BIG, nullable=True),
        sa.Column('import_id', BIG, nullable=True),
        sa.Column('id', BIG, nullable=False),
        sa.Column('licence_id', BIG, nullable=False),
        sa.Column('user_name', sa.String(), nullable=True),
        sa.Column('mac', sa.String(), nullable=True),
        sa.Column('ip', sa.String(), nullable=True),
        sa.Column('activated_at', BIG, nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.CheckConstraint("source IN ('STORE_ACCOUNT', 'SLM_ACCOUNT', 'EMAIL_IN', 'CALL_IN', 'REGISTRATION', 'ACTIVATION', 'SUPPORT', 'EVENT_OWN', 'EVENT_PARTNER', 'PARTNER')", name='source_is_listed'),
        sa.CheckConstraint("source NOT IN ('EVENT_OWN', 'EVENT_PARTNER') OR event IS NOT NULL", name='source_names_its_event'),
        sa.CheckConstraint("source NOT IN ('EVENT_PARTNER', 'PARTNER') OR partner_id IS NOT NULL", name='source_names_its_partner_id'),
        sa.ForeignKeyConstraint(['licence_id'], ['licence.id'], ),
        sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_activation_ip'), 'activation', ['ip'], unique=False)
    op.create_index(op.f('ix_activation_licence_id'), 'activation', ['licence_id'], unique=False)
    op.create_index(op.f('ix_activation_mac'), 'activation', ['mac'], unique=False)
