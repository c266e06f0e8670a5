"""What a platform allows us: counted here before each call, so that we stop before the platform stops us."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String

from core.db.schema import Id, Instant, LocalDate, table

push_window = table(
    "push_window",  # so many messages until then, by the kind of act that opened the window
    Column("identity_id", Id, nullable=False, autoincrement=False),
    Column("opened_by", String(12), nullable=False),
    Column("left", Integer, nullable=False),
    Column("ends_at", Instant, nullable=False),  # business time
    PrimaryKeyConstraint("identity_id", "opened_by"),
)

push_quota = table(
    "push_quota",  # calls of one API on one day, as the platform counts days
    Column("channel", String(12), nullable=False),
    Column("account", String(64), nullable=False),
    Column("api", String(24), nullable=False),
    Column("day", LocalDate, nullable=False),
    Column("used", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    PrimaryKeyConstraint("channel", "account", "api", "day"),
)

push_permit = table(
    "push_permit",  # notifications of one template that a person allowed
    Column("identity_id", Id, nullable=False, autoincrement=False),
    Column("template", String(64), nullable=False),
    Column("left", Integer, nullable=False),
    Column("told", String(64), nullable=False),  # the platform's event counted last: it tells some twice
    PrimaryKeyConstraint("identity_id", "template"),
)

menu_shown = table(
    "menu_shown",  # which of our menus the platform shows somebody
    Column("identity_id", Id, primary_key=True, autoincrement=False),
    Column("menu", String(24), nullable=False),
)
