"""Settings: from the environment, checked at start, never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict
from sqlalchemy import make_url

from shared.settings import ServiceSettings


class EchoSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="INBOROUGH_ECHO_")


def test_a_service_reads_its_own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_ECHO_PORT", "50099")
    assert EchoSettings().port == 50099


def test_every_process_reads_a_neighbours_address_from_one_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_COST_ADDRESS", "cost:50053")
    assert EchoSettings().cost_address == "cost:50053"


def test_without_a_url_the_database_is_a_file_under_the_var_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_VAR", "/srv/inborough")
    assert EchoSettings().database("echo") == "sqlite:////srv/inborough/echo.db"


def test_a_url_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_ECHO_DATABASE_URL", "postgresql+psycopg://db/echo")
    assert EchoSettings().database("echo") == "postgresql+psycopg://db/echo"


def test_a_password_of_its_own_is_put_into_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_ECHO_DATABASE_URL", "postgresql+psycopg://echo@db:5432/echo")
    monkeypatch.setenv("INBOROUGH_ECHO_DATABASE_PASSWORD", "a/b@c:d%")
    url = make_url(EchoSettings().database("echo"))
    assert (url.username, url.password, url.host, url.port, url.database) == ("echo", "a/b@c:d%", "db", 5432, "echo")


def test_secrets_lie_in_files_named_as_their_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inborough_echo_database_password").write_text("of echo\n")
    (tmp_path / "inborough_broker_password").write_text("of the broker\n")
    monkeypatch.setenv("INBOROUGH_SECRETS", str(tmp_path))
    monkeypatch.setenv("INBOROUGH_ECHO_DATABASE_URL", "postgresql+psycopg://echo@db/echo")
    monkeypatch.setenv("INBOROUGH_BROKER_URL", "amqp://echo@broker:5672/echo")
    settings = EchoSettings()
    assert settings.database("echo") == "postgresql+psycopg://echo:of%20echo@db/echo"
    assert settings.broker == "amqp://echo:of%20the%20broker@broker:5672/echo"


def test_the_environment_goes_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inborough_broker_password").write_text("of the file")
    monkeypatch.setenv("INBOROUGH_SECRETS", str(tmp_path))
    monkeypatch.setenv("INBOROUGH_BROKER_PASSWORD", "of the environment")
    assert EchoSettings().broker_password.get_secret_value() == "of the environment"


def test_a_folder_of_secrets_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_SECRETS", "/nowhere")
    with pytest.raises(ValidationError, match="INBOROUGH_SECRETS"):
        EchoSettings()


def test_a_value_that_is_refused_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_ECHO_LOG_LEVEL", "secret-by-mistake")
    with pytest.raises(ValidationError) as refused:
        EchoSettings()
    assert "secret-by-mistake" not in str(refused.value)


def test_code_may_name_a_shared_setting_as_the_class_does(tmp_path: Path) -> None:
    assert EchoSettings(var=tmp_path).var == tmp_path


def test_settings_never_change() -> None:
    settings: Any = EchoSettings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("INBOROUGH_ECHO_PORT", "70000"),
        ("INBOROUGH_ECHO_THREADS", "0"),
        ("INBOROUGH_ECHO_LOG_LEVEL", "LOUD"),
        ("INBOROUGH_AUTHORITY", "Halton"),
    ],
)
def test_an_unsound_value_is_refused_at_start(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError, match=variable.removeprefix("INBOROUGH_ECHO_").casefold() + "|AUTHORITY"):
        EchoSettings()
