"""/products: what an installer must know of a model, from the product files."""

from fastapi import Request, Response

from provisioning.api.problems import ProvisioningRoute
from provisioning.api.product_views import ProductView, product_view
from provisioning.api.roles import Lister
from provisioning.app import Provisioning
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from runtime.near import nearest
from runtime.paging import PageWanted, list_response, part_of
from runtime.routers import ApiRouter


def build_products_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of the product files."""
    router = ApiRouter(route_class=ProvisioningRoute)
    known = provisioning.products

    @router.get("/products", response_model=list[ProductView])
    async def products(*, who: Lister, request: Request, page: PageWanted) -> Response:  # noqa: ARG001 - asked
        """Products by id: what to type and where, wanted firmware, readings before power, photos."""
        listed = part_of(known.by_id.values(), lambda each: each.product, page)
        return list_response(request, listed.shown_as(product_view))

    @router.get("/products/{product_id}")
    async def product(product_id: str, who: Lister) -> ProductView:  # noqa: ARG001 - asked
        """One product, by its id."""
        found = known.by_id.get(product_id)
        if found is None:
            near = nearest(product_id, known.by_id)
            raise ProvisioningProblem(Code.PRODUCT_UNKNOWN, near=(near,) if near else (), id=product_id)
        return product_view(found)

    return router
