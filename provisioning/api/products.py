"""/products: what an installer must know of a model, from the product files."""

from fastapi import Request, Response

from provisioning.api.problems import ProvisioningRoute
from provisioning.api.product_views import ProductView, product_view
from provisioning.api.roles import Lister
from provisioning.app import Provisioning
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.products.files import Products
from provisioning.products.product import Product
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
        return product_view(known_product(known, product_id))

    return router


def known_product(known: Products, product_id: str) -> Product:
    """The product of this id. Raises ProvisioningProblem: E_PRODUCT_UNKNOWN."""
    found = known.by_id.get(product_id)
    if found is None:
        near = nearest(product_id, known.by_id)
        raise ProvisioningProblem(Code.PRODUCT_UNKNOWN, near=(near,) if near else (), id=product_id)
    return found
