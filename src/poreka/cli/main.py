"""The command `poreka`: an explicit list of commands; what each does is in the modules beside this one.

A command's module is imported only when it is called, so that `poreka --help` is quick.
"""

import sys

import cyclopts

from poreka import __version__
from poreka.cli.ending import WRONG_USAGE

ABOUT = "Banks vouch for people, public services rely on it."
COMMANDS = (
    ("demo", "poreka.cli.demo:demo", "Run the whole federation on this machine."),
    ("serve", "poreka.cli.serve:serve", "Serve one system from its settings file."),
)
GROUPS = (
    ("db", "A system's databases.", (
        ("upgrade", "poreka.cli.databases:upgrade_databases", "Apply the missing migrations."),
    )),
    ("client", "The relying parties of a provider.", (
        ("add", "poreka.cli.clients:add_client", "Register a relying party."),
        ("check", "poreka.cli.client_check:check_registration", "Tell what a registration will meet."),
        ("rotate", "poreka.cli.client_secrets:rotate_secret", "Make a new secret; the old one works on for some days."),
        ("list", "poreka.cli.clients:list_clients", "List the relying parties."),
        ("remove", "poreka.cli.clients:remove_client", "Remove a relying party."),
    )),
    ("tool", "What a bank's customers authorise with.", (
        ("choose", "poreka.cli.tools:choose_tool", "Let a customer authorise with another tool."),
        ("card", "poreka.cli.tools:send_card", "Make a code card for a customer."),
        ("app", "poreka.cli.tools:add_app", "Note that a customer has the bank's app."),
        ("block", "poreka.cli.tools:block_tool", "Block a tool of a customer: lost, or in other hands."),
    )),
    ("passkey", "The passkeys of a person at a bank or a portal.", (
        ("list", "poreka.cli.passkeys:list_passkeys", "List a person's passkeys."),
        ("end", "poreka.cli.passkeys:end_passkeys", "End all passkeys of a person; the person is told."),
    )),
    ("session", "The sessions of a person at one system.", (
        ("list", "poreka.cli.sessions:list_sessions", "List a person's sessions."),
        ("end", "poreka.cli.sessions:end_sessions", "End one or all sessions of a person; the person is told."),
    )),
    ("profile", "Trusted profiles and portal profiles.", (
        ("lock", "poreka.cli.profiles:lock_profile", "Lock a trusted profile: it vouches for nobody any more."),
        ("close", "poreka.cli.profiles:close_portal_profile", "Close a portal profile for good."),
    )),
    ("customers", "The customers in a bank's own table.", (
        ("import", "poreka.cli.customers.command:import_customers", "Add or update customers from a CSV file."),
    )),
    ("clerk", "The clerks of a desk.", (
        ("add", "poreka.cli.clerks:add_clerk", "Add a clerk, and print the link for a key."),
        ("list", "poreka.cli.clerks:list_clerks", "List the clerks."),
        ("block", "poreka.cli.clerks:block_clerk", "Block a clerk for good."),
        ("key", "poreka.cli.clerks:new_key", "Print a new link for a clerk's key; earlier keys end."),
    )),
    ("keys", "A system's own signing keys.", (
        ("rotate", "poreka.cli.signing_keys:rotate_keys", "Put new keys in the place of the current ones."),
        ("list", "poreka.cli.signing_keys:list_keys", "List the signing keys with their states."),
    )),
    ("audit", "The audit log.", (
        ("verify", "poreka.cli.audit_log:verify_audit", "Check that the audit log is whole."),
        ("show", "poreka.cli.audit_log:show_audit", "Show entries of the audit log."),
    )),
    ("receipt", "Receipts of consents.", (
        ("verify", "poreka.cli.receipts:verify_receipt_file", "Verify a consent receipt; anyone may."),
    )),
    ("signature", "Signatures with a trusted profile.", (
        ("verify", "poreka.cli.signatures:verify_signature_file", "Verify the statement of a signature; anyone may."),
    )),
    ("config", "Settings files.", (
        ("check", "poreka.cli.configuration:check_configuration", "Check settings files."),
        ("new", "poreka.cli.configuration:new_configuration", "Print a commented settings file."),
    )),
    ("secrets", "Secrets files.", (
        ("new", "poreka.cli.configuration:new_secrets", "Make a secrets file that only its owner may read."),
    )),
)  # fmt: skip


def command_line() -> cyclopts.App:
    """The command with all its commands."""
    app = cyclopts.App(name="poreka", version=__version__, help=ABOUT)
    for name, target, about in COMMANDS:
        app.command(target, name=name, help=about)
    for group, about_group, commands in GROUPS:
        inner = cyclopts.App(name=group, help=about_group)
        for name, target, about in commands:
            inner.command(target, name=name, help=about)
        app.command(inner)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the command; ends with 0, 1 or 2 (`faults.py`)."""
    try:
        command_line()(with_bare_walk(sys.argv[1:] if arguments is None else arguments), exit_on_error=False)
    except cyclopts.CycloptsError:  # already printed
        sys.exit(WRONG_USAGE)


def with_bare_walk(arguments: list[str]) -> list[str]:
    """`--walk` may stand without a name, which means all of them."""
    read = list(arguments)
    for place, word in enumerate(arguments):
        if word == "--walk" and (place + 1 == len(arguments) or arguments[place + 1].startswith("-")):
            read[place] = "--walk=all"
    return read
