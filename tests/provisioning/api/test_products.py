"""GET /products, as the phone reads it."""

from tests.provisioning.api.conftest import Api


async def test_products_are_listed_with_what_to_type(api: Api) -> None:
    """An installer reads them, in both languages."""
    answer = await api.installer.get("/products")
    assert answer.status_code == 200
    found = {each["product_id"]: each for each in answer.json()}
    assert found["rivebleue-rb22"]["menu"]["fields"][0]["asks"] == "tls"
    assert found["rivebleue-rb22"]["before_power"][0]["at_most"] == 1
    assert found["generic"]["name"]["fr"] == "Borne quelconque"
    assert (await api.installer.get("/products/generic")).json() == found["generic"]


async def test_an_unknown_product_is_refused_with_the_nearest(api: Api) -> None:
    """What was typed is not ignored."""
    answer = await api.installer.get("/products/genric")
    assert (answer.status_code, answer.json()["code"]) == (404, "E_PRODUCT_UNKNOWN")
    assert answer.json()["nearest"] == ["generic"]
    assert (await api.installer.get("/products/zzz")).json()["status"] == 404
