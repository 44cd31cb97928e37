"""Variables as a whole: all characteristics, and the attributes beside the Actual one."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_COLUMNS = {
    "min_limit": sa.Float,
    "max_elements": sa.BigInteger,
    "values_list": sa.Text,
    "is_write_only": sa.Boolean,
    "is_persistent": sa.Boolean,
    "is_constant": sa.Boolean,
    "supports_monitoring": sa.Boolean,
    "attributes": sa.Text,
}


def upgrade() -> None:
    """Apply."""
    for name, kind in _COLUMNS.items():
        op.add_column("variables", sa.Column(name, kind(), nullable=True))


def downgrade() -> None:
    """Take back."""
    for name in reversed(_COLUMNS):
        op.drop_column("variables", name)
