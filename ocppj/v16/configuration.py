"""Which 1.6 configuration key is which standard variable of 2.x.

Sources: OCPP 1.6 edition 2 §9, security whitepaper edition 3 §2.4, OCPP 2.0.1 part 2 appendix 3. Only the
name is mapped, never the value: where the two versions write the same setting differently (phase rotation,
rate units), or where 2.x has no such variable, the key is a variable of the component `ConfigurationKey`.
"""

from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, VariableRef


def _standard(key: str, component: str, variable: str, instance: str = "") -> tuple[str, VariableRef]:
    return key, VariableRef(component, variable, variable_instance=instance or None)


KEYS: dict[str, VariableRef] = dict(
    (
        _standard("AdditionalRootCertificateCheck", "SecurityCtrlr", "AdditionalRootCertificateCheck"),
        _standard("AllowOfflineTxForUnknownId", "AuthCtrlr", "OfflineTxForUnknownIdEnabled"),
        _standard("AuthorizationCacheEnabled", "AuthCacheCtrlr", "Enabled"),
        _standard("AuthorizationKey", "SecurityCtrlr", "BasicAuthPassword"),
        _standard("AuthorizeRemoteTxRequests", "AuthCtrlr", "AuthorizeRemoteStart"),
        _standard("CertificateSignedMaxChainSize", "SecurityCtrlr", "MaxCertificateChainSize"),
        _standard("CertificateStoreMaxLength", "SecurityCtrlr", "CertificateEntries"),
        _standard("ChargeProfileMaxStackLevel", "SmartChargingCtrlr", "ProfileStackLevel"),
        _standard("ChargingScheduleMaxPeriods", "SmartChargingCtrlr", "PeriodsPerSchedule"),
        _standard("ClockAlignedDataInterval", "AlignedDataCtrlr", "Interval"),
        _standard("ConnectionTimeOut", "TxCtrlr", "EVConnectionTimeOut"),
        _standard("ConnectorSwitch3to1PhaseSupported", "SmartChargingCtrlr", "Phases3to1"),
        _standard("CpoName", "SecurityCtrlr", "OrganizationName"),
        _standard("GetConfigurationMaxKeys", "DeviceDataCtrlr", "ItemsPerMessage", "GetVariables"),
        _standard("HeartbeatInterval", "OCPPCommCtrlr", "HeartbeatInterval"),
        _standard("LocalAuthListEnabled", "LocalAuthListCtrlr", "Enabled"),
        _standard("LocalAuthorizeOffline", "AuthCtrlr", "LocalAuthorizeOffline"),
        _standard("LocalPreAuthorize", "AuthCtrlr", "LocalPreAuthorize"),
        _standard("MaxEnergyOnInvalidId", "TxCtrlr", "MaxEnergyOnInvalidId"),
        _standard("MeterValueSampleInterval", "SampledDataCtrlr", "TxUpdatedInterval"),
        _standard("MeterValuesAlignedData", "AlignedDataCtrlr", "Measurands"),
        _standard("MeterValuesSampledData", "SampledDataCtrlr", "TxUpdatedMeasurands"),
        _standard("ReserveConnectorZeroSupported", "ReservationCtrlr", "NonEvseSpecific"),
        _standard("ResetRetries", "OCPPCommCtrlr", "ResetRetries"),
        _standard("SecurityProfile", "SecurityCtrlr", "SecurityProfile"),
        _standard("SendLocalListMaxLength", "LocalAuthListCtrlr", "ItemsPerMessage"),
        _standard("StopTransactionOnEVSideDisconnect", "TxCtrlr", "StopTxOnEVSideDisconnect"),
        _standard("StopTransactionOnInvalidId", "TxCtrlr", "StopTxOnInvalidId"),
        _standard("StopTxnAlignedData", "AlignedDataCtrlr", "TxEndedMeasurands"),
        _standard("StopTxnSampledData", "SampledDataCtrlr", "TxEndedMeasurands"),
        _standard("TimeOffset", "ClockCtrlr", "TimeOffset"),
        _standard("TransactionMessageAttempts", "OCPPCommCtrlr", "MessageAttempts", "TransactionEvent"),
        _standard(
            "TransactionMessageRetryInterval", "OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent"
        ),
        _standard("UnlockConnectorOnEVSideDisconnect", "OCPPCommCtrlr", "UnlockOnEVSideDisconnect"),
        _standard("WebSocketPingInterval", "OCPPCommCtrlr", "WebSocketPingInterval"),
    )
)

_BY_FOLDED_KEY = {key.casefold(): ref for key, ref in KEYS.items()}
_BY_REF = {ref: key for key, ref in KEYS.items()}


def variable_from_v16(key: str) -> VariableRef:
    """The variable that a key is. Keys compare without regard to case (CiString50Type, quirk 69)."""
    known = _BY_FOLDED_KEY.get(key.casefold())
    return known if known is not None else VariableRef(CONFIGURATION_KEY_COMPONENT, key)


def variable_to_v16(ref: VariableRef) -> str | None:
    """The configuration key of a variable; None where 1.6 has none."""
    if ref.component == CONFIGURATION_KEY_COMPONENT:
        return ref.variable
    return _BY_REF.get(ref)
