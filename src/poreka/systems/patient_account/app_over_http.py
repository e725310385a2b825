"""The patient account's phone app as the account asks it: docs/patient-account.openapi.yaml is the contract.

Whatever keeps the app from answering as it says is `AppAway`: nothing is made up about bound devices.
"""

from urllib.parse import quote, urlencode

from poreka.contracts.patient_account import BoundDevice, BoundDevices
from poreka.outgoing.json_peer import JsonPeer
from poreka.outgoing.peer_away import PeerAway


class AppAway(PeerAway):
    """The app's back end gave no answer that could be used; the message is for the log and names nobody."""

    kind, noted = "unavailable", "patient account's app unavailable"


class DevicesOverHttp(JsonPeer):
    """The app, as the patient account asks it about the devices that are bound to an account."""

    away = gone = AppAway

    async def of_account(self, account: str) -> tuple[BoundDevice, ...]:
        """An account's devices. Raises `AppAway`."""
        return (await self.ask(f"/bound?{urlencode({'account': account})}", BoundDevices)).devices

    async def remove(self, account: str, device: str) -> None:
        """The device opens nothing when this returns. Raises `AppAway`."""
        answer = await self.send(f"/bound/{quote(device, safe='')}/remove", {"account": account})
        if answer.status not in (204, 404):
            raise self.refused(answer)
