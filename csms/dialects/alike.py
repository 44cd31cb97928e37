"""What all versions say alike: commands."""

from csms.domain.commands import GetLocalListVersion, TransferData
from ocppj.translator import WireCall

# --- Commands → CALLs -------------------------------------------------------------------------------------


def list_version(c: GetLocalListVersion) -> list[WireCall]:  # noqa: ARG001 - table
    """Which local list the station has."""
    return [WireCall("GetLocalListVersion", {})]


def transfer(c: TransferData) -> list[WireCall]:
    """A vendor's own words."""
    payload = {"vendorId": c.vendor_id, "messageId": c.message_id, "data": c.text}
    return [WireCall("DataTransfer", {key: value for key, value in payload.items() if value is not None})]
