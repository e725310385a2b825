"""Laws of signing in elsewhere: one phone, one browser, one try, two minutes, once."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.systems.mobywatel.rules.cross_device import (
    FINISH,
    LIFE,
    CrossSignIn,
    CrossState,
    NotNow,
    approve,
    as_of,
    claim,
    code_seed,
    refuse,
    shown_number,
    use,
)

NOW, KEY = 1_800_000_000, b"k" * 32
BROWSER, PHONE, OTHER = b"browser", b"phone", b"other"
SHOWN = CrossSignIn(id="c1", browser=BROWSER, expires_at=NOW + LIFE)
RIGHT = shown_number(KEY, "c1")
WRONG = str(10 + (int(RIGHT) - 9) % 90)


def taken(step: str, at: CrossSignIn, now: int) -> CrossSignIn | NotNow:
    match step:
        case "claim":
            return claim(at, PHONE, now)
        case "claim elsewhere":
            return claim(at, OTHER, now)
        case "right" | "wrong":
            return approve(at, PHONE, "d1", "p1", RIGHT if step == "right" else WRONG, RIGHT, now)
        case "right elsewhere":
            return approve(at, OTHER, "d2", "p2", RIGHT, RIGHT, now)
        case "refuse":
            return refuse(at, PHONE, now)
        case "use":
            return use(at, BROWSER, now)
        case "use elsewhere":
            return use(at, OTHER, now)
        case _:
            return as_of(at, now)


STEPS = st.sampled_from(
    ["claim", "claim elsewhere", "right", "right elsewhere", "wrong", "refuse", "use", "use elsewhere", "wait", "long"]
)


@given(st.lists(STEPS, max_size=12))
def test_who_is_signed_in_is_whoever_claimed_it_and_typed_the_number(steps: list[str]) -> None:
    at, now, used = SHOWN, NOW, 0
    for step in steps:
        now += {"wait": LIFE, "long": LIFE + FINISH}.get(step, 1)
        after = taken(step, at, now)
        if isinstance(after, NotNow):
            continue
        used += after.state is CrossState.USED and at.state is not CrossState.USED
        if at.state in (CrossState.USED, CrossState.REFUSED, CrossState.EXPIRED):
            assert after == at, "nothing leads out of an end"
        at = after
    assert used <= 1
    if at.state is CrossState.USED:
        assert at.person_id == ("p1" if at.phone == PHONE else "p2")
        assert "use" in steps


def test_the_way_it_goes_and_its_times() -> None:
    claimed = claim(SHOWN, PHONE, NOW + LIFE - 1)
    assert isinstance(claimed, CrossSignIn)
    approved = approve(claimed, PHONE, "d1", "p1", RIGHT, RIGHT, NOW + LIFE - 1)
    assert isinstance(approved, CrossSignIn)
    assert isinstance(use(approved, BROWSER, NOW + LIFE + FINISH - 1), CrossSignIn)
    assert use(approved, BROWSER, NOW + LIFE + FINISH) == NotNow(CrossState.EXPIRED)
    assert claim(SHOWN, PHONE, NOW + LIFE) == NotNow(CrossState.EXPIRED)


def test_the_browser_that_shows_the_code_is_no_phone_for_it() -> None:
    assert claim(SHOWN, BROWSER, NOW) == NotNow(CrossState.SHOWN)


def test_code_and_number_tell_nothing_of_one_another() -> None:
    assert len({shown_number(KEY, f"c{place}") for place in range(200)}) > 60
    assert code_seed(KEY, "c1") != code_seed(KEY, "c2") != code_seed(b"x" * 32, "c2")
