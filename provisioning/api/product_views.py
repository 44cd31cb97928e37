"""What is told of products, typed: REST and the pages share it."""

from provisioning.products.product import (
    BothTexts,
    Cellular,
    Guide,
    Menu,
    PhotoWanted,
    Product,
    ProductConnector,
    SafetyReading,
    SiteItem,
)
from runtime.views import View


class ProductView(View, frozen=True, kw_only=True):
    """One product, as its file has it; `product_id` is the file's `product`."""

    product_id: str
    version: int
    name: BothTexts
    vendors: list[str]
    models: list[str]
    ocpp: list[str]
    connectors: list[ProductConnector]
    wanted_firmware: list[str]
    menu: Menu
    has_lock: bool
    has_display: bool
    is_dc: bool
    certification: str | None
    commissioning: str
    cellular: Cellular
    before_power: list[SafetyReading]
    photos: list[PhotoWanted]
    checklist: list[BothTexts]
    site: list[SiteItem]
    guides: list[Guide]


def product_view(product: Product) -> ProductView:
    """All of it."""
    return ProductView(
        product_id=product.product,
        version=product.version,
        name=product.name,
        vendors=[each.vendor for each in product.applies_to],
        models=[each.model for each in product.applies_to],
        ocpp=list(product.ocpp),
        connectors=list(product.connectors),
        wanted_firmware=list(product.wanted_firmware),
        menu=product.menu,
        has_lock=product.has_lock,
        has_display=product.has_display,
        is_dc=product.is_dc,
        certification=product.certification,
        commissioning=product.commissioning,
        cellular=product.cellular,
        before_power=list(product.before_power),
        photos=list(product.photos),
        checklist=list(product.checklist),
        site=list(product.site),
        guides=list(product.guides),
    )
