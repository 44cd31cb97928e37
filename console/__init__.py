"""The web pages (NiceGUI), on the public functions of csms and provisioning."""

from console.mounting import mount
from console.views import ConsoleViews, StationLeader

__all__ = ["ConsoleViews", "StationLeader", "mount"]
