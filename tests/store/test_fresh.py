from poreka.store.fresh import Fresh, secret_hash


def test_ids_are_unique_and_sort_by_time() -> None:
    fresh = Fresh()
    first = fresh.id()
    while fresh.id()[:9] == first[:9]:
        pass  # nine signs are 45 of the 48 bits of the time
    later = [fresh.id() for _ in range(1000)]
    assert all(first < other and len(other) == 26 for other in later)
    assert len(set(later)) == 1000


def test_digits_have_the_length_asked_for() -> None:
    drawn = {Fresh().digits(6) for _ in range(200)}
    assert all(len(code) == 6 and code.isdigit() for code in drawn)
    assert len(drawn) > 190


def test_secrets_are_long_and_hashed_even_when_a_stranger_wrote_them() -> None:
    assert len(Fresh().secret()) == 43
    assert len(Fresh().bytes(12)) == 12
    assert len(secret_hash("\udcff not UTF-8")) == 32
