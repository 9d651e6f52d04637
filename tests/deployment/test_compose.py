"""docker-compose.yml, judged by docker compose itself."""

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / "deploy" / "env.example"


def compose(*arguments: str, file: Path = ROOT / "docker-compose.yml", env: Path = ENVIRONMENT) -> Any:
    """Run the binary inside the package: the wrapper around it reports success whatever happens."""
    spec = importlib.util.find_spec("compose")
    assert spec
    assert spec.origin
    binary = Path(spec.origin).with_name("docker-compose")
    command = [str(binary), "--env-file", str(env), "-f", str(file), "config", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False)


@pytest.fixture(scope="module")
def stack() -> Any:
    return json.loads(compose("--format", "json").stdout)


@pytest.fixture(scope="module")
def services(stack):
    return stack["services"]


def test_compose_accepts_the_file():
    result = compose("-q")
    assert (result.returncode, result.stderr) == (0, "")


def test_compose_refuses_a_copy_that_waits_for_a_service_that_is_not_there(tmp_path):
    broken = tmp_path / "docker-compose.yml"
    broken.write_text((ROOT / "docker-compose.yml").read_text().replace("\n  redis:\n", "\n  cache:\n"))
    result = compose("-q", file=broken)
    assert result.returncode != 0
    assert "undefined service" in result.stderr


@pytest.mark.parametrize("name", ["SITE_URL", "ALLOWED_HOSTS", "SMTP_HOST", "DEFAULT_FROM_EMAIL", "MAIL_DOMAIN"])
def test_compose_refuses_to_start_without_a_setting_that_has_no_sensible_default(tmp_path, name):
    lines = [line for line in ENVIRONMENT.read_text().splitlines() if not line.startswith(f"{name}=")]
    incomplete = tmp_path / "env"
    incomplete.write_text("\n".join(lines))
    result = compose("-q", env=incomplete)
    assert result.returncode != 0
    assert name in result.stderr


def test_every_setting_handed_over_is_one_that_the_settings_read(services):
    source = "".join(path.read_text() for path in (ROOT / "config").rglob("*.py"))
    names = {name.removesuffix("_FILE") for name in services["web"]["environment"]}
    assert {name for name in names if f'"{name}"' not in source} == set()


def test_every_service_that_stays_up_has_a_health_check(services):
    staying = {name: service for name, service in services.items() if service["restart"] != "no"}
    assert set(staying) == {"web", "worker", "beat", "db", "redis", "clamav"}
    for name, service in staying.items():
        assert service.get("healthcheck", {}).get("test"), name


def test_nothing_of_ours_runs_before_the_migrations_are_done(services):
    for name in ("web", "worker", "beat"):
        waits = {other: need["condition"] for other, need in services[name]["depends_on"].items()}
        assert waits == {
            "db": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }, name


def test_no_service_has_more_rights_than_it_needs(services):
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc"} & set(service), name
        assert {volume["type"] for volume in service.get("volumes", [])} <= {"volume"}, name


def test_images_of_others_do_not_run_as_root(services):
    for name, service in services.items():
        if "build" not in service:
            assert service.get("user", "root") not in {"root", "0", "0:0"}, name


def test_the_database_and_the_queue_cannot_be_reached_from_outside(stack, services):
    assert stack["networks"]["inside"]["internal"] is True
    for name in ("db", "redis"):
        assert set(services[name]["networks"]) == {"inside"}, name
        assert "ports" not in services[name], name


def test_the_scanner_can_be_reached_by_us_alone_and_nobody_waits_for_it(services):
    assert services["web"]["environment"]["CLAMD_ADDRESS"] == "tcp://clamav:3310"
    assert "inside" in services["clamav"]["networks"]
    assert "ports" not in services["clamav"]
    assert [name for name, service in services.items() if "clamav" in service.get("depends_on", {})] == []


def test_a_scanner_that_is_switched_off_stays_off(tmp_path):
    lines = [line for line in ENVIRONMENT.read_text().splitlines() if not line.startswith("CLAMD_ADDRESS=")]
    without = tmp_path / "env"
    without.write_text("\n".join([*lines, "CLAMD_ADDRESS="]))
    web = json.loads(compose("--format", "json", env=without).stdout)["services"]["web"]
    assert web["environment"]["CLAMD_ADDRESS"] == ""


def test_the_site_itself_listens_only_behind_a_proxy_on_this_host(services):
    assert [port["host_ip"] for port in services["web"]["ports"]] == ["127.0.0.1"]


def test_secrets_come_only_from_files(stack, services):
    assert stack["secrets"]
    assert all(set(secret) == {"name", "file"} for secret in stack["secrets"].values())
    for name, service in services.items():
        granted = {f"/run/secrets/{secret['source']}" for secret in service.get("secrets", [])}
        for variable, value in service.get("environment", {}).items():
            if any(word in variable for word in ("SECRET", "PASSWORD", "TOKEN", "KEY")):
                assert variable.endswith("_FILE"), (name, variable)
                assert value in granted, (name, variable)


def test_no_address_carries_a_password(services):
    values = [value for service in services.values() for value in service.get("environment", {}).values()]
    assert not [value for value in values if "://" in value and "@" in value]


def test_the_queue_is_kept_and_never_evicted(services):
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes --appendfsync everysec --maxmemory-policy noeviction" in command
    assert [volume["target"] for volume in services["redis"]["volumes"]] == ["/data"]


def test_a_worker_may_finish_the_letter_in_its_hand(services):
    assert services["worker"]["stop_grace_period"] == "30s"
