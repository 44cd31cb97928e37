"""A password that a station has already is told; who told it is kept, the password is not."""

from tests.support.provisioning import ID, MAC, World

PASSWORD = "a-password-of-20-let"


async def test_who_told_a_password_is_kept_without_it(world: World) -> None:
    """In the same transaction as its seal."""
    await world.order(MAC)
    await world.provisioning.use_cases.passwords.enter(ID, PASSWORD, "ann")
    assert (await world.acts())[1:] == [("ann", "password-told", None, None)]
    stored = await world.database.run_read(lambda c: repr(c.exec_driver_sql("select * from acts").all()))
    assert PASSWORD not in stored
    assert PASSWORD.encode().hex() not in stored
