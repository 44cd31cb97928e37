"""Data transfers."""

from ocppj.model.data_transfer import DataTransfer, DataTransferResponse
from tests.support.inbound import Bench


def test_equal_data_transfers_are_two_messages() -> None:
    """Nothing in them says when."""
    bench = Bench()
    reply = DataTransferResponse("UnknownVendorId")
    for message_id in ("m1", "m1", "m2"):
        assert bench.send(DataTransfer("v", "m", "t"), message_id, proposal=reply) == reply
    assert bench.told() == ["data.transfer"] * 2
    assert bench.events[0].payload == {"vendor_id": "v", "message_id": "m", "text": "t"}
