"""OCPP 1.6's conversion table: the field's value types from the wire and back, for csms and simulator alike.

Words are in `words`, structures in `values`, configuration keys in `configuration`; import them from here.
"""

from ocppj.v16.configuration import (
    KEYS,
    variable_from_v16,
    variable_to_v16,
)
from ocppj.v16.values import (
    id_token_info_from_v16,
    id_token_info_to_v16,
    local_list_entry_from_v16,
    local_list_entry_to_v16,
    samples_from_v16,
    samples_to_v16,
    signed_values_from_v16,
)
from ocppj.v16.words import (
    STOPPED_REASONS,
    authorization_from_v16,
    authorization_to_v16,
    charging_state_from_v16,
    connector_from_v16,
    connector_refusal,
    connector_to_v16,
    id_token_from_v16,
    id_token_to_v16,
    reset_from_v16,
    reset_to_v16,
    status_from_v16,
    status_to_v16,
    stopped_reason_from_v16,
    stopped_reason_to_v16,
    transaction_id_from_v16,
    transaction_id_to_v16,
    trigger_from_v16,
    trigger_to_v16,
)

__all__ = [
    "KEYS",
    "STOPPED_REASONS",
    "authorization_from_v16",
    "authorization_to_v16",
    "charging_state_from_v16",
    "connector_from_v16",
    "connector_refusal",
    "connector_to_v16",
    "id_token_from_v16",
    "id_token_info_from_v16",
    "id_token_info_to_v16",
    "id_token_to_v16",
    "local_list_entry_from_v16",
    "local_list_entry_to_v16",
    "reset_from_v16",
    "reset_to_v16",
    "samples_from_v16",
    "samples_to_v16",
    "signed_values_from_v16",
    "status_from_v16",
    "status_to_v16",
    "stopped_reason_from_v16",
    "stopped_reason_to_v16",
    "transaction_id_from_v16",
    "transaction_id_to_v16",
    "trigger_from_v16",
    "trigger_to_v16",
    "variable_from_v16",
    "variable_to_v16",
]
