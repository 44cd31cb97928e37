"""What the pages of orders show and do, in the views that the API tells."""

from access.actions import Permission, may
from access.guard import checked
from access.principals import SERVER, Principal
from provisioning.api.bodies import OrderBody
from provisioning.api.order_lists import made_order, order_seen, orders_seen
from provisioning.api.order_views import OrderAnswer
from provisioning.api.problems import refusing
from provisioning.app import Provisioning
from runtime.paging import Listed, Page


class OrderViews:
    """Functions for pages; each asks whether its reader may. Refusals are raised as Problem."""

    def __init__(self, provisioning: Provisioning) -> None:
        self._provisioning = provisioning
        self.public_url = provisioning.public_url
        """What links on labels begin with; empty where nobody said."""

    def may_order(self, who: Principal) -> bool:
        """Whether they may make orders."""
        return may(who, Permission.ORDER, SERVER)

    def check_may_order(self, who: Principal) -> None:
        """Raises Problem 403."""
        checked(who, Permission.ORDER, SERVER)

    async def orders(self, who: Principal, page: Page) -> Listed[OrderAnswer]:
        """Newest first."""
        checked(who, Permission.READ, SERVER)
        return await orders_seen(self._provisioning, who, page)

    async def order(self, who: Principal, name: str) -> OrderAnswer:
        """One, by its id or its reference."""
        checked(who, Permission.READ, SERVER)
        with refusing():
            return await order_seen(self._provisioning, who, name)

    async def make(self, who: Principal, body: OrderBody) -> OrderAnswer:
        """A new one; its claim codes are told this once."""
        self.check_may_order(who)
        with refusing():
            return await made_order(self._provisioning, body, who.name)
