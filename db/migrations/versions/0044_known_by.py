"""By what the campaign service knew somebody goes from recipients' tasks, where it is on file or needed no more."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

OF_ERASURES = """
UPDATE recipient_task SET orders = NULL
WHERE orders IS NOT NULL AND EXISTS (
    SELECT 1 FROM request
    WHERE request.id = recipient_task.request_id AND request.kind = 'erase' AND (
        request.state IN ('archived', 'purged')
        OR (request.state <> 'notifying' AND recipient_task.state IN ('confirmed', 'exempt'))
    )
)
"""
OF_OTHERS = """
UPDATE recipient_task SET orders = NULL
WHERE orders IS NOT NULL AND recipient = 'CAMPAIGN_SERVICE' AND EXISTS (
    SELECT 1 FROM request WHERE request.id = recipient_task.request_id AND request.kind <> 'erase'
)
"""


def upgrade() -> None:
    """Empty them; no column changes."""
    op.execute(OF_ERASURES)
    op.execute(OF_OTHERS)
