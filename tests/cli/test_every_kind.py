"""What holds for every kind of system at the command line: its settings file, and the commands that take it."""

import re
from pathlib import Path

import pytest
from cryptography import x509

from poreka.demo.presets import Address
from poreka.demo.server import prepare
from poreka.kinds import DEMO_KEYS, KINDS, kind_of, settings_of
from poreka.settings import read_settings
from poreka.web.settings.kind import Kind
from tests.cli.conftest import Run
from tests.cli.test_operating import registration

ALONE = [kind for kind in KINDS if kind.alone]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder as the demonstration leaves it."""
    prepare(tmp_path, Address(8000), fresh=False)
    return tmp_path


def kind_in(file: Path) -> Kind:
    return kind_of(read_settings(file).system.kind)


def test_every_kind_has_one_row_and_every_system_of_the_demonstration_one_name() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len(set(DEMO_KEYS)) == len(DEMO_KEYS)


def write_secret(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="ascii")


@pytest.mark.parametrize("kind", ALONE, ids=lambda kind: kind.name)
def test_every_kind_that_is_served_alone_has_a_table_and_a_template(kind: Kind, run: Run, tmp_path: Path) -> None:
    assert kind.name in settings_of(kind.name).__struct_fields__
    file = tmp_path / "new.toml"
    file.write_text(run("config", "new", kind.name).out, encoding="utf-8")
    assert kind_in(file) == kind
    without = run("config", "check", file)
    assert without.code == 1
    assert f"{kind.name}.secrets" in without.out
    assert run("secrets", "new", tmp_path / f"{kind.name}.secrets").code == 0
    for setting, shared in read_settings(file).secret_files():
        assert shared in run("config", "check", file).out, setting
        write_secret(tmp_path / shared, "x" * 32)
    assert run("config", "check", file).code == 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.alone], ids=lambda kind: kind.name)
def test_what_only_the_demonstration_has_gets_no_template_and_is_told_so(kind: Kind, run: Run) -> None:
    ended = run("config", "new", kind.name)
    assert (ended.code, ended.out) == (2, "")
    assert "exists in the demonstration only" in ended.err


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_demo_writes_a_settings_file_for_every_system(scheme: str, tmp_path: Path) -> None:
    address = Address(8123, scheme)
    prepare(tmp_path, address, fresh=False)
    written = {file.stem: read_settings(file).system for file in tmp_path.glob("*.toml")}
    assert {key: system.key for key, system in written.items()} == {key: key for key in DEMO_KEYS}
    assert {system.kind for system in written.values()} == {kind.name for kind in KINDS}
    assert all(system.origin == address.origin(key) for key, system in written.items())


def test_the_demos_certificate_is_good_for_every_system(tmp_path: Path) -> None:
    certified = prepare(tmp_path, Address(8123, "https"), fresh=False)
    assert certified is not None
    certificate = x509.load_pem_x509_certificate(certified.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {f"{key}.localhost" for key in DEMO_KEYS} <= set(names.get_values_for_type(x509.DNSName))


def test_the_patient_app_is_walked_over_tls(run: Run) -> None:
    ended = run("demo", "--tls", "--walk", "patient-app-pin")
    assert ended.code == 0, ended.out[-3000:]


@pytest.mark.parametrize("key", DEMO_KEYS)
def test_every_settings_file_of_the_demo_is_taken_by_every_command(key: str, run: Run, folder: Path) -> None:
    file = folder / f"{key}.toml"
    for command in (("config", "check"), ("db", "upgrade"), ("db", "upgrade"), ("audit", "verify"), ("audit", "show")):
        ended = run(*command, file)
        assert ended.code == 0, (command, ended.err)


@pytest.mark.parametrize("key", DEMO_KEYS)
def test_keys_are_listed_and_rotated_wherever_there_are_keys(key: str, run: Run, folder: Path) -> None:
    file = folder / f"{key}.toml"
    algorithms = kind_in(file).algorithms
    for command in (("keys", "rotate"), ("keys", "list")):
        ended = run(*command, file)
        assert ended.code == (0 if algorithms else 1), ended.err
        if not algorithms:
            assert f"not for a {kind_in(file).name}" in ended.err
        elif command[1] == "list":
            assert all(ended.out.count(algorithm) == 1 for algorithm in algorithms)
            assert ended.out.count("current") == len(algorithms)


@pytest.mark.parametrize("key", DEMO_KEYS)
def test_clients_are_served_wherever_somebody_vouches(key: str, run: Run, folder: Path) -> None:
    file = folder / f"{key}.toml"
    for command in (
        ("client", "add", file, registration(folder)),
        ("client", "list", file),
        ("client", "remove", file, "library"),
    ):
        ended = run(*command)
        assert ended.code == (0 if kind_in(file).vouches else 1), ended.err
        if kind_in(file).vouches:
            assert "library" in ended.out
        else:
            assert f"not for a {kind_in(file).name}" in ended.err


@pytest.mark.parametrize("key", DEMO_KEYS)
def test_a_secret_that_two_systems_share_is_checked_before_either_starts(key: str, run: Run, folder: Path) -> None:
    file = folder / f"{key}.toml"
    settings = read_settings(file)
    named = set(re.findall(r'"([\w-]+\.secrets)"', file.read_text("utf-8"))) - {settings.system.secrets}
    assert {shared for _, shared in settings.secret_files()} == named
    for setting, shared in settings.secret_files():
        write_secret(folder / shared, "short")
        ended = run("config", "check", file)
        assert ended.code == 1
        assert f"{setting}: must hold at least 32 characters" in ended.out
        (folder / shared).unlink()
