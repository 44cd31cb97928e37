"""Which variables a station has, and how its template changes them."""

from typing import Any

import pytest

from ocppj.aio.backoff import BACK_OFF_V16, BACK_OFF_V201
from ocppj.v16.convert import KEYS
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, VariableRef
from simulator.errors import TemplateError
from simulator.model.inventory import SECRET, build_inventory, parse_name
from simulator.model.template import StationTemplate, shipped_templates
from simulator.model.variables import Mutability, VariableStore
from simulator.model.version_variables import VARIABLES_OF
from tests.support.simulated import changed_template


def variables(template: StationTemplate) -> VariableStore:
    """A station's store."""
    of_version = VARIABLES_OF[template.ocpp]
    return VariableStore(build_inventory(template, of_version(template)))


@pytest.mark.parametrize("name", shipped_templates())
def test_every_default_is_one_that_could_be_set(name: str) -> None:
    """No station ships with a value that its own rules refuse."""
    for variable in variables(shipped_templates()[name]):
        assert variable.value is None or variable.accepts(variable.value), variable.ref


REQUIRED_V16 = [
    "AuthorizeRemoteTxRequests",
    "ClockAlignedDataInterval",
    "ConnectionTimeOut",
    "ConnectorPhaseRotation",
    "GetConfigurationMaxKeys",
    "HeartbeatInterval",
    "LocalAuthorizeOffline",
    "LocalPreAuthorize",
    "MeterValuesAlignedData",
    "MeterValuesSampledData",
    "MeterValueSampleInterval",
    "NumberOfConnectors",
    "ResetRetries",
    "StopTransactionOnEVSideDisconnect",
    "StopTransactionOnInvalidId",
    "StopTxnAlignedData",
    "StopTxnSampledData",
    "SupportedFeatureProfiles",
    "TransactionMessageAttempts",
    "TransactionMessageRetryInterval",
    "UnlockConnectorOnEVSideDisconnect",
    "LocalAuthListEnabled",
    "LocalAuthListMaxLength",
    "SendLocalListMaxLength",
    "AuthorizationKey",
    "CpoName",
    "SecurityProfile",
]


@pytest.mark.parametrize("key", REQUIRED_V16)
def test_keys_that_1_6_requires_are_there(key: str) -> None:
    """OCPP 1.6 §9.1 and §9.2 "required", security whitepaper §2.4; each of them readable by its key."""
    found = variables(changed_template("ac-16"))
    ref = KEYS.get(key, VariableRef(CONFIGURATION_KEY_COMPONENT, key))
    assert found.find(ref) is not None


RW, RO = Mutability.READ_WRITE, Mutability.READ_ONLY
REQUIRED_V201 = {
    "OCPPCommCtrlr.MessageTimeout[Default]": RO,
    "OCPPCommCtrlr.FileTransferProtocols": RO,
    "OCPPCommCtrlr.NetworkConfigurationPriority": RW,
    "OCPPCommCtrlr.NetworkProfileConnectionAttempts": RW,
    "OCPPCommCtrlr.OfflineThreshold": RW,
    "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": RW,
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": RW,
    "OCPPCommCtrlr.UnlockOnEVSideDisconnect": RW,
    "OCPPCommCtrlr.ResetRetries": RW,
    "DeviceDataCtrlr.ItemsPerMessage[GetReport]": RO,
    "DeviceDataCtrlr.ItemsPerMessage[GetVariables]": RO,
    "DeviceDataCtrlr.ItemsPerMessage[SetVariables]": RO,
    "DeviceDataCtrlr.BytesPerMessage[GetReport]": RO,
    "DeviceDataCtrlr.BytesPerMessage[GetVariables]": RO,
    "DeviceDataCtrlr.BytesPerMessage[SetVariables]": RO,
    "ClockCtrlr.DateTime": RO,
    "ClockCtrlr.TimeSource": RO,
    "SecurityCtrlr.OrganizationName": RW,
    "SecurityCtrlr.CertificateEntries": RO,
    "SecurityCtrlr.SecurityProfile": RO,
    "AuthCtrlr.AuthorizeRemoteStart": RW,
    "AuthCtrlr.LocalAuthorizeOffline": RW,
    "AuthCtrlr.LocalPreAuthorize": RW,
    "TxCtrlr.EVConnectionTimeOut": RW,
    "TxCtrlr.StopTxOnEVSideDisconnect": RW,
    "TxCtrlr.TxStartPoint": RW,
    "TxCtrlr.TxStopPoint": RW,
    "TxCtrlr.StopTxOnInvalidId": RW,
    "SampledDataCtrlr.TxEndedMeasurands": RW,
    "SampledDataCtrlr.TxEndedInterval": RW,
    "SampledDataCtrlr.TxStartedMeasurands": RW,
    "SampledDataCtrlr.TxUpdatedMeasurands": RW,
    "SampledDataCtrlr.TxUpdatedInterval": RW,
    "AlignedDataCtrlr.Measurands": RW,
    "AlignedDataCtrlr.Interval": RW,
    "AlignedDataCtrlr.TxEndedMeasurands": RW,
    "AlignedDataCtrlr.TxEndedInterval": RW,
}


WERE_WRONG = {
    "OCPPCommCtrlr.MessageTimeout[Default]",
    "OCPPCommCtrlr.NetworkConfigurationPriority",
    "OCPPCommCtrlr.UnlockOnEVSideDisconnect",
    "DeviceDataCtrlr.BytesPerMessage[GetReport]",
    "DeviceDataCtrlr.BytesPerMessage[GetVariables]",
    "DeviceDataCtrlr.BytesPerMessage[SetVariables]",
    "ClockCtrlr.DateTime",
    "SecurityCtrlr.CertificateEntries",
    "TxCtrlr.StopTxOnEVSideDisconnect",
    "TxCtrlr.TxStartPoint",
    "TxCtrlr.TxStopPoint",
    "SampledDataCtrlr.TxEndedInterval",
    "AlignedDataCtrlr.Measurands",
    "AlignedDataCtrlr.Interval",
    "AlignedDataCtrlr.TxEndedMeasurands",
    "AlignedDataCtrlr.TxEndedInterval",
}
"""Absent, or read-only, before the list was held against the specification as a whole."""
WERE_RIGHT = pytest.mark.held_before("it was there; held with the rest of the list")


@pytest.mark.parametrize(
    "name",
    [name if name in WERE_WRONG else pytest.param(name, marks=WERE_RIGHT) for name in REQUIRED_V201],
)
def test_variables_that_2_0_1_requires_are_there(name: str) -> None:
    """Part 2 §2.1 to §2.7 "required"; who may set what, where the station has a choice: it can be set."""
    found = variables(changed_template("ac-201")).find(parse_name(name))
    assert found is not None
    assert found.mutability is REQUIRED_V201[name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TxCtrlr.TxStartPoint", ""),
        ("TxCtrlr.TxStopPoint", "Authorized,Never"),
        ("OCPPCommCtrlr.NetworkConfigurationPriority", "2"),
        ("AlignedDataCtrlr.Interval", "86401"),
    ],
)
def test_values_that_mean_nothing_are_refused(name: str, value: str) -> None:
    """No point at all, a made-up one, a slot that is empty, a fraction of more than a day."""
    found = variables(changed_template("ac-201")).find(parse_name(name))
    assert found is not None
    assert not found.accepts(value)


def test_back_off_is_the_versions() -> None:
    """2.0.1 part 4 §5.3; milder numbers for 1.6, which says nothing."""
    for name, rule in (("unordered-16", BACK_OFF_V16), ("ac-201", BACK_OFF_V201)):
        bare = shipped_templates()[name].model_copy(update={"variables": {}})
        found = variables(bare)
        assert found.number("OCPPCommCtrlr", "RetryBackOffWaitMinimum", -1) == rule.wait_minimum_s
        assert found.number("OCPPCommCtrlr", "RetryBackOffRandomRange", -1) == rule.random_range_s
        assert found.number("OCPPCommCtrlr", "RetryBackOffRepeatTimes", -1) == rule.repeat_times


def test_template_changes_lacks_locks_and_delays() -> None:
    """Values, missing ones, read-only ones, and ones that need a reboot."""
    found = variables(
        changed_template(
            variables={"OCPPCommCtrlr.HeartbeatInterval": "77"},
            lacks=["AuthCacheCtrlr.Enabled"],
            read_only=["TxCtrlr.EVConnectionTimeOut"],
            needs_reboot=["SecurityCtrlr.BasicAuthPassword"],
        )
    )
    assert found.text("OCPPCommCtrlr", "HeartbeatInterval") == "77"
    assert found.find(VariableRef("AuthCacheCtrlr", "Enabled")) is None
    locked, secret = found.find(VariableRef("TxCtrlr", "EVConnectionTimeOut")), found.find(SECRET)
    assert locked is not None
    assert locked.mutability is Mutability.READ_ONLY
    assert secret is not None
    assert secret.needs_reboot


def test_price_display_only_where_there_is_one() -> None:
    """1.6 has keys for it, 2.0.1 variables."""
    price = VariableRef("TariffCostCtrlr", "TariffFallbackMessage")
    for name, ref in (("ac-201", price), ("ac-16", VariableRef(CONFIGURATION_KEY_COMPONENT, "DefaultPrice"))):
        assert variables(changed_template(name)).find(ref) is not None
        assert variables(changed_template(name, shows_price=False)).find(ref) is None


@pytest.mark.parametrize("part", ["variables", "lacks", "read_only", "needs_reboot"])
def test_template_cannot_name_what_is_not_there(part: str) -> None:
    """A slip of the pen is said at once."""
    value: Any = {"TxCtrlr.Nonsense": "1"} if part == "variables" else ["TxCtrlr.Nonsense"]
    with pytest.raises(TemplateError, match=r"no variable TxCtrlr\.Nonsense"):
        variables(changed_template(**{part: value}))


def test_names() -> None:
    """With an instance, or without."""
    assert parse_name("A.B") == VariableRef("A", "B")
    assert parse_name("A.B[C]") == VariableRef("A", "B", variable_instance="C")
    for wrong in ("A", "A.B.C", "A.B[", ""):
        with pytest.raises(TemplateError, match=r"write Component\.Variable"):
            parse_name(wrong)
