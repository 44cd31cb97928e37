"""All facts that there can be about a station."""

from hypothesis import strategies as st

from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import AccountFacts, Commissioning, GateFacts, PreparedFacts
from runtime.wording import Phrase

STUCK = blocker(Code.STEP_STUCK, step="clock", reason="no answer", wait=5)
REMARK = blocker(Code.KEY_LACKING, key="X")
GATE_FACTS = st.builds(
    GateFacts,
    is_ours=st.booleans(),
    is_seen=st.booleans(),
    tested_until=st.sampled_from(["", "2026-01-05T12:15:00Z"]),
    is_assigned=st.booleans(),
    account=st.none()
    | st.builds(
        AccountFacts,
        organisation_id=st.just("default"),
        has_account=st.booleans(),
        is_confirmed=st.booleans(),
        is_unbilled=st.booleans(),
        lacking_contacts=st.sampled_from([None, Phrase("facturation", "billing")]),
    ),
    site=st.none()
    | st.builds(
        PreparedFacts,
        site_id=st.just("s"),
        name=st.just("Port"),
        unsafe=st.sampled_from([None, Phrase("le mur", "the wall")]),
        weak_signal=st.sampled_from([None, Phrase("-110 dBm", "-110 dBm")]),
        left=st.sampled_from([None, Phrase("la terre", "the earth")]),
        is_unapproved=st.booleans(),
    ),
    commissioning=st.sampled_from(Commissioning),
    is_commissioned=st.booleans(),
    is_requested=st.booleans(),
    is_released=st.booleans(),
    is_activated=st.booleans(),
    is_suspended=st.booleans(),
    suspend_reason=st.text(max_size=20),
    is_online=st.booleans(),
    progress=st.sampled_from([None, STUCK, blocker(Code.CONFIGURING, step="clock")]),
    is_paused=st.booleans(),
    pending=st.sampled_from([None, Phrase("tarif", "tariff")]),
    remarks=st.sampled_from([(), (REMARK,)]),
)
