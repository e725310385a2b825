"""The owner of a trusted profile at a real browser window: making one, signing in, confirming."""

from playwright.async_api import expect

from tests.browser.citizen import Citizen, code_in

CHOSEN = "trzy-Sowy-na-dachu-7"


async def begin_at_bank(citizen: Citizen) -> None:
    """From the ways to make a profile, through the bank, to the contact data."""
    await citizen.open("pz", "/create")
    await citizen.send("/create/millenet")
    await citizen.sign_in()
    await citizen.at("millenet", "/release/.+")
    await citizen.type_code(await citizen.consent())
    await citizen.at("pz", "/new/.+")


async def give_contact(citizen: Citizen) -> str:
    """Phone and e-mail; returns the SMS."""
    seen, person = citizen.messages(), citizen.person
    await citizen.tick("regulations")
    await citizen.send("/contact", phone=person["phone"], email=person["email"])
    return await citizen.new_message(seen)


async def choose_credentials(citizen: Citizen, user_name: str, password: str = CHOSEN) -> None:
    await citizen.send("/credentials", user_name=user_name, password=password, password_again=password)


async def sign_in_by_password(citizen: Citizen, page: str = "/profile") -> str:
    """User name and password; ends where the code is asked for, and tells it."""
    account, seen = citizen.account("pz"), citizen.messages()
    await citizen.open("pz", f"/sign-in?next={page}")
    await citizen.send("/password", number=account["login"], password=account["password"])
    await expect(citizen.page.locator("#code")).to_be_visible()
    return code_in(await citizen.new_message(seen))


async def confirm(citizen: Citizen) -> None:
    """Have the code sent, and type it."""
    seen = citizen.messages()
    await citizen.send("/ask")
    await citizen.send("/code", code=code_in(await citizen.new_message(seen)))


async def enter(citizen: Citizen, page: str) -> None:
    """Signed in with both factors, at a page."""
    await citizen.send("/code", code=await sign_in_by_password(citizen, page))
    await citizen.at("pz", page)


async def inside(citizen: Citizen) -> None:
    """Signed in with both factors."""
    await enter(citizen, "/profile")
