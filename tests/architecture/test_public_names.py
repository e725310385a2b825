"""What only tests use is dead: it looks as if it decided something, and decides nothing.

Where a name fails here, either the live code should use it, or it goes together with its tests.
"""

from tests.architecture.names_in_use import public_methods, public_names, uses
from tests.architecture.source import modules

READ_BY_TESTS = {
    "poreka.store.sweep:SWEPT_OTHERWISE": "tells by which other rule a table is swept; test_tables.py reads it",
    "poreka.store.sweep:RECORDS": "tells what stays for good; test_tables.py reads it",
}
CALLED_BY_LIBRARIES = {
    "poreka.provider.customers.table_file:_Heard.readable": "io.RawIOBase",
    "poreka.provider.customers.table_file:_Heard.readinto": "io.RawIOBase",
    "poreka.demo.walk.forms:PageReader.handle_starttag": "html.parser",
    "poreka.demo.walk.forms:PageReader.handle_endtag": "html.parser",
    "poreka.demo.walk.forms:PageReader.handle_data": "html.parser",
    "poreka.running.serving.log_lines:StandardLines.emit": "logging.Handler",
}
METHODS_FOR_TESTS = {
    "poreka.delivery.worker:DeliveryWorker.send_due": "one round of the worker, so that no test waits for its clock",
    "poreka.systems.trusted_profile.store.profile_applications:ProfileApplications.decision": (
        "opens what a decision sealed as proof; so far nobody but a test has asked for the proof"
    ),
}


def test_every_public_name_is_used_outside_tests() -> None:
    unused = {str(name) for module in modules() for name in public_names(module) if name not in uses().names}
    assert not unused - set(READ_BY_TESTS), "\n".join(sorted(unused - set(READ_BY_TESTS)))
    assert unused == set(READ_BY_TESTS), "what is used by now needs no exception"


def test_every_public_method_is_called_outside_tests() -> None:
    methods = (method for module in modules() for method in public_methods(module))
    unused = {str(one) for one in methods if one.name.partition(".")[2] not in uses().attributes}
    excepted = {*CALLED_BY_LIBRARIES, *METHODS_FOR_TESTS}
    assert not unused - excepted, "\n".join(sorted(unused - excepted))
    assert unused == excepted, "what is called by now needs no exception"
