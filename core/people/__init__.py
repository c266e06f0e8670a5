"""Persons, identities, addresses: who somebody is, on which channel, and where they live."""

from core.people.addresses import (
    LONGEST_ADDRESS,
    Address,
    AddressLabel,
    address,
    addresses,
    mean_always,
    remove_address,
    save_address,
)
from core.people.erasing import erase
from core.people.identities import Identity, block, identities_of, seen
from core.people.persons import (
    LONGEST_NAME,
    Person,
    arrive,
    key_of,
    masked_phone,
    name_of,
    person,
    phone_of,
    set_language,
    set_name,
    set_phone,
)
from core.people.sign_in import CodeTooSoon, new_sign_in_code, prove_sign_in_code

__all__ = [
    "LONGEST_ADDRESS",
    "LONGEST_NAME",
    "Address",
    "AddressLabel",
    "CodeTooSoon",
    "Identity",
    "Person",
    "address",
    "addresses",
    "arrive",
    "block",
    "erase",
    "identities_of",
    "key_of",
    "masked_phone",
    "mean_always",
    "name_of",
    "new_sign_in_code",
    "person",
    "phone_of",
    "prove_sign_in_code",
    "remove_address",
    "save_address",
    "seen",
    "set_language",
    "set_name",
    "set_phone",
]
