"""A customer directory whose passwords and characters are compared in this process.

For customers in our own tables and in a view of another database, which both keep hashes. Both the
password and the characters are always compared, so that a wrong one hides whether the other was right;
where the number is nobody's, a hash that no password has and that costs as much.
"""

from dataclasses import dataclass

from poreka.hashing.passwords import NO_ONES, Passwords
from poreka.provider.rules.masked_characters import ASKED, matches
from poreka.provider.store.customer_directory import Checked, ChosenIdentifier, Customer, Typed
from poreka.provider.store.customers import CustomerRecords
from poreka.rules.passwords.hashes import nobodys


@dataclass(frozen=True, slots=True)
class CheckedHere:
    """Customers of `records`; it fits `CustomerDirectory`."""

    records: CustomerRecords
    passwords: Passwords
    no_ones: str = NO_ONES

    async def by_id(self, customer_id: str) -> Customer | None:
        """The customer as they are now."""
        return await self.records.by_id(customer_id)

    async def identifier_of(self, number: str) -> ChosenIdentifier | None:
        """Of what the owner of a number is asked two characters; nobody without an identifier is asked."""
        found = await self.records.to_sign_in(number)
        if found is None or len(found[1].identifier) < ASKED:
            return None
        customer, kept = found
        return ChosenIdentifier(customer_id=customer.id, kind=kept.identifier_kind, length=len(kept.identifier))

    async def check(self, number: str, typed: Typed) -> Checked:
        """Whether this is the customer."""
        found = await self.records.to_sign_in(number)
        customer, kept = found or (None, None)
        characters = not typed.places or matches(kept.identifier if kept else None, typed.places, typed.characters)
        password = await self.passwords.matches(kept.password_hash if kept else self.no_ones, typed.password)
        right = characters and password and customer is not None
        return Checked(customer_id=customer.id if customer else None, customer=customer if right else None)


async def checked_here(records: CustomerRecords, passwords: Passwords) -> CheckedHere:
    """The directory over `records`; an unknown number will cost what comparing with one of their hashes costs."""
    like = await records.some_password_hash()
    return CheckedHere(records, passwords, (nobodys(like) if like else None) or NO_ONES)
