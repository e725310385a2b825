"""The chain finds every kind of tampering; the rules here know nothing of databases."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.audit.chain import (
    BEGINNING,
    ChainBroken,
    Entry,
    Head,
    Lane,
    Walk,
    entry_hash,
    lane_hash,
    verify_lanes,
)

KEY = b"audit key"


def lanes(count: int) -> list[Lane]:
    made, previous = [], BEGINNING
    for number in range(1, count + 1):
        previous = lane_hash(KEY, previous, number, f"lane{number}", 1000 + number)
        made.append(Lane(number, f"lane{number}", 1000 + number, previous))
    return made


def entries(lane: str, count: int) -> list[Entry]:
    made, previous = [], BEGINNING
    for number in range(1, count + 1):
        person = None if number % 3 else f"p{number}"
        previous = entry_hash(KEY, previous, lane, number, 2000 + number, "SignedIn", person, f'{{"n":{number}}}')
        made.append(Entry(lane, number, 2000 + number, "SignedIn", person, f'{{"n":{number}}}', previous))
    return made


def log(sizes: list[int]) -> list[Entry]:
    return [entry for number, size in enumerate(sizes, start=1) for entry in entries(f"lane{number}", size)]


def walked(found: list[Entry], count: int, known: dict[str, Head] | None = None) -> Walk:
    walk = Walk(KEY, known or {})
    for entry in found:
        walk.step(entry)
    walk.end(verify_lanes(KEY, lanes(count)))
    return walk


SIZES = st.lists(st.integers(0, 6), min_size=1, max_size=4).filter(any)


@given(SIZES)
def test_an_untouched_log_is_sound(sizes: list[int]) -> None:
    walk = walked(log(sizes), len(sizes))
    assert walk.count == sum(sizes)
    assert {lane: head.number for lane, head in walk.heads.items()} == {
        f"lane{number}": size for number, size in enumerate(sizes, start=1) if size
    }


CHANGES: dict[str, Callable[[Entry], Entry]] = {
    "time": lambda entry: dataclasses.replace(entry, at=entry.at + 1),
    "event": lambda entry: dataclasses.replace(entry, event="SignedOut"),
    "person": lambda entry: dataclasses.replace(entry, person_id="someone else"),
    "no person": lambda entry: dataclasses.replace(entry, person_id=None if entry.person_id else ""),
    "details": lambda entry: dataclasses.replace(entry, details=entry.details + " "),
    "hash": lambda entry: dataclasses.replace(entry, hash=bytes([entry.hash[0] ^ 1]) + entry.hash[1:]),
    "number": lambda entry: dataclasses.replace(entry, number=entry.number + 1),
    "lane": lambda entry: dataclasses.replace(entry, lane="lane9"),
}


@given(SIZES, st.data(), st.sampled_from(sorted(CHANGES)))
def test_a_changed_entry_is_found(sizes: list[int], data: st.DataObject, change: str) -> None:
    found = log(sizes)
    place = data.draw(st.integers(0, len(found) - 1))
    found[place] = CHANGES[change](found[place])
    with pytest.raises(ChainBroken):
        walked(found, len(sizes))


@given(SIZES, st.data())
def test_a_removed_entry_is_found(sizes: list[int], data: st.DataObject) -> None:
    """Inside a lane by the chain itself, at its end by the head that was known before."""
    found = log(sizes)
    known = walked(found, len(sizes)).heads
    gone = found.pop(data.draw(st.integers(0, len(found) - 1)))
    if gone.number < known[gone.lane].number:
        with pytest.raises(ChainBroken, match=f"entry {gone.number} of lane {gone.lane} is missing"):
            walked(found, len(sizes))
    with pytest.raises(ChainBroken):
        walked(found, len(sizes), known)


@given(SIZES, st.data())
def test_an_inserted_or_repeated_entry_is_found(sizes: list[int], data: st.DataObject) -> None:
    found = log(sizes)
    place = data.draw(st.integers(0, len(found) - 1))
    forged = dataclasses.replace(found[place], details='{"forged":true}')
    with pytest.raises(ChainBroken):
        walked([*found[:place], forged, *found[place:]], len(sizes))
    with pytest.raises(ChainBroken):
        walked([*found[:place], found[place], *found[place:]], len(sizes))


@given(st.integers(2, 6), st.data())
def test_entries_in_another_order_are_found(size: int, data: st.DataObject) -> None:
    found = entries("lane1", size)
    mixed = data.draw(st.permutations(found).filter(lambda order: order != found))
    with pytest.raises(ChainBroken):
        walked(mixed, 1)
    renumbered = [dataclasses.replace(entry, number=n) for n, entry in enumerate(mixed, start=1)]
    with pytest.raises(ChainBroken):
        walked(renumbered, 1)


@given(st.integers(1, 6), st.data())
def test_a_rest_forged_without_the_key_is_found(size: int, data: st.DataObject) -> None:
    """Who may write to the database but has no key cannot compute the rest of a chain anew."""
    found = entries("lane1", size)
    place = data.draw(st.integers(0, size - 1))
    previous = found[place - 1].hash if place else BEGINNING
    for index in range(place, size):
        old = found[index]
        changed = dataclasses.replace(old, details="{}")
        previous = entry_hash(b"guessed", previous, old.lane, old.number, old.at, old.event, old.person_id, "{}")
        found[index] = dataclasses.replace(changed, hash=previous)
    with pytest.raises(ChainBroken):
        walked(found, 1)


@given(st.integers(1, 6), st.data())
def test_a_removed_or_changed_opening_is_found(count: int, data: st.DataObject) -> None:
    opened = lanes(count)
    place = data.draw(st.integers(0, count - 1))
    if place < count - 1:
        with pytest.raises(ChainBroken, match=f"lane number {place + 1} is missing"):
            verify_lanes(KEY, opened[:place] + opened[place + 1 :])
    for changed in (
        dataclasses.replace(opened[place], lane="other"),
        dataclasses.replace(opened[place], opened_at=1),
        dataclasses.replace(opened[place], hash=bytes(32)),
    ):
        with pytest.raises(ChainBroken, match="was changed"):
            verify_lanes(KEY, [*opened[:place], changed, *opened[place + 1 :]])


def test_a_lane_without_its_opening_is_found() -> None:
    with pytest.raises(ChainBroken, match="never opened: lane2"):
        walked(log([2, 2]), 1)


def test_a_lane_that_was_cut_off_or_swapped_is_found_by_its_head() -> None:
    known = walked(log([3, 3]), 2).heads
    with pytest.raises(ChainBroken, match="lane2 was cut off"):
        walked(log([3, 1]), 2, known)
    with pytest.raises(ChainBroken, match="lane1 was cut off"):
        walked(log([0, 3]), 2, known)
    other = {**known, "lane1": Head(3, bytes(32))}
    with pytest.raises(ChainBroken, match="not the one that was verified before"):
        walked(log([3, 3]), 2, other)
    assert walked(log([5, 3]), 2, known).count == 8
