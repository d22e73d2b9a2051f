"""Settings: every one is checked, a wrong one names itself, its value and what is allowed."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from ipaddress import ip_network
from pathlib import Path

import pytest

import matcher
from matcher.config import ConfigError, Settings, SmtpServer, is_loopback, load_settings

SECRET = "correct horse battery staple"


def settings(folder: Path, **given: str) -> Settings:
    env = {f"MATCHER_{name.upper()}": value for name, value in given.items()}
    return load_settings({"MATCHER_INSTANCE": str(folder)} | env)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    found = settings(tmp_path / "new" / "instance")
    assert found.instance == tmp_path / "new" / "instance"
    assert found.database_url == f"sqlite:///{found.instance / 'matcher.db'}"
    assert found.digest_time == time(8)
    assert (found.rules, found.public_url, found.smtp, found.mail_from) == (None,) * 4
    assert (found.frame_ancestors, found.trusted_proxies) == ((), ())
    assert stat.S_IMODE(found.instance.stat().st_mode) == 0o700


def test_keys_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    assert (first.secret_key, first.data_key) == (second.secret_key, second.data_key)
    assert first.secret_key != first.data_key
    assert len(first.secret_key) >= 64
    for name in ("secret_key", "data_key", "lookup_key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "data_key",
        "lookup_key",
        "secret_key",
    ]


def test_all_who_start_at_once_get_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: settings(tmp_path), range(24)))
    assert len({one.secret_key for one in found}) == 1
    assert len({one.data_key for one in found}) == 1
    assert len({one.lookup_key for one in found}) == 1
    assert len(list(tmp_path.iterdir())) == 3


def test_given_keys_are_used_and_none_are_made(tmp_path: Path) -> None:
    found = settings(
        tmp_path / "i",
        secret_key=SECRET,
        data_key=SECRET,
        lookup_key=SECRET,
        database_url="sqlite:////x/y.db",
    )
    assert (found.secret_key, found.database_url) == (SECRET, "sqlite:////x/y.db")
    assert not (tmp_path / "i").exists()


def test_secrets_are_never_printed(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        secret_key=SECRET,
        smtp_url="smtp://me:hunter2@mail.example.org",
        database_url="postgresql://me:hunter2@h/d",
    )
    assert "hunter2" not in repr(found)
    assert SECRET not in repr(found)


@pytest.mark.parametrize("content", ["", "short", "ünïcode" * 9])
def test_a_broken_key_file_stops_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret_key").write_text(content)
    with pytest.raises(ConfigError, match="key file") as caught:
        settings(tmp_path)
    assert caught.value.where == str(tmp_path / "secret_key")
    assert (tmp_path / "secret_key").read_text() == content


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('digest_time = "07:30"\nmail_from = "a@example.org"\n')
    assert settings(tmp_path).digest_time == time(7, 30)
    found = settings(tmp_path, digest_time="09:15", mail_from="  ")
    assert (found.digest_time, found.mail_from) == (time(9, 15), "a@example.org")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'digest_tiem = "07:30"', "digest_tiem"),
        (b'instance = "/tmp"', "instance"),
        (b"digest_time = 730", "not text"),
        (b'digest_time = "25:00"', "25:00"),
        (b"digest_time = ", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[digest_time]\na=1", "not text"),
        (b"data_key = 123456789012345678", "not text"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=said) as caught:
        settings(tmp_path)
    assert "config.toml" in caught.value.where
    assert "123456" not in str(caught.value)


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        settings(tmp_path)


GOOD = [
    ("database_url", "postgresql://u:p@h:5/d", "postgresql+psycopg://u:p@h:5/d"),
    ("database_url", "postgres:///d?host=/tmp", "postgresql+psycopg:///d?host=/tmp"),
    ("database_url", "sqlite:///rel.db", "sqlite:///rel.db"),
    ("public_url", "https://match.example.org/", "https://match.example.org"),
    ("public_url", "http://localhost:8000", "http://localhost:8000"),
    ("mail_from", "Matcher <news@example.org>", "Matcher <news@example.org>"),
    ("mail_from", "root@localhost", "root@localhost"),
    ("digest_time", "00:00", time(0)),
    (
        "frame_ancestors",
        "https://a.org https://*.b.org:8443",
        ("https://a.org", "https://*.b.org:8443"),
    ),
    ("frame_ancestors", "'none'", ("'none'",)),
    ("trusted_proxies", "10.0.0.1, fd00::/8", (ip_network("10.0.0.1/32"), ip_network("fd00::/8"))),
    ("secret_key", f"{SECRET},{SECRET} old", f"{SECRET},{SECRET} old"),
]


@pytest.mark.parametrize(("name", "value", "expected"), GOOD)
def test_right_values_are_read(tmp_path: Path, name: str, value: str, expected: object) -> None:
    assert getattr(settings(tmp_path, **{name: value}), name) == expected


BAD = [
    ("database_url", ["x", "mysql://h/d", "sqlite://", "sqlite:///", "sqlite:///:memory:",
                      "postgresql://h", "postgresql://h:99999/d", "sqlite:///a\0b", "sqlite:///a?b"]),
    ("rules", ["/no/such/folder", "a\0b"]),
    ("secret_key", ["short", "x" * 15, f"{SECRET},short", "a" * 20 + "\x07"]),
    ("data_key", ["short"]),
    ("public_url", ["example.org", "ftp://h", "https://", "https://u:p@h", "https://h?x=1",
                    "https://h#x", "https://h h", "https://h:0", "https://h:x", "https://[h"]),
    ("smtp_url", ["mail", "http://h", "smtp://", "smtp://h?tls=off", "smtps://h?tls=none",
                  "smtp://h/path", "smtp://h:70000", "smtp://h#x", "smtp://h\nx"]),
    ("mail_from", ["x", "a@", "@b", "a@b", "a@b.c, d@e.f", "a@b.c\nBcc: d@e.f", "a b@c.d", "<>"]),
    ("digest_time", ["8", "8:00", "24:00", "08:60", "08:00:00", "noon", "٠٨:٠٠"]),
    ("frame_ancestors", ["example.org", "https://a;script-src *", "javascript:x", "'none' 'self'"]),
    ("trusted_proxies", ["x", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.1,", "*"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD for value in values]
)
def test_wrong_values_stop_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, **{name: value})
    assert f"MATCHER_{name.upper()}" in caught.value.what
    assert f"MATCHER_{name.upper()}" in caught.value.where
    assert caught.value.mend.startswith("Allowed: ")
    if name in ("secret_key", "data_key"):
        assert value not in str(caught.value)
    else:
        assert repr(value.replace("u:p@", "***@")) in caught.value.what


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_url", "smtp://me:hunter2@h:99999"),
        ("smtp_url", "me:hunter2@h"),
        ("database_url", "mysql://me:hunter2@h/d"),
        ("database_url", "mysql://h/d?password=hunter2"),
    ],
)
def test_a_wrong_address_is_shown_without_its_password(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, **{name: value})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://h.example.org", SmtpServer("h.example.org", 587, "starttls")),
        ("smtp://a%40b:p%3A@h.org:25", SmtpServer("h.org", 25, "starttls", "a@b", "p:")),
        ("smtp://localhost:1025", SmtpServer("localhost", 1025, "if_offered")),
        ("smtp://[::1]:1025", SmtpServer("::1", 1025, "if_offered")),
        ("smtp://h.org?tls=none", SmtpServer("h.org", 587, "none")),
        ("smtps://h.org", SmtpServer("h.org", 465, "tls")),
    ],
)
def test_mail_is_safe_unless_it_need_not_be(tmp_path: Path, url: str, expected: SmtpServer) -> None:
    assert settings(tmp_path, smtp_url=url).smtp == expected


def test_a_checkout_keeps_its_files_in_its_own_folder() -> None:
    checkout = Path(matcher.__file__).parent.parent
    given = {"MATCHER_SECRET_KEY": SECRET, "MATCHER_DATA_KEY": SECRET}
    found = load_settings(given | {"MATCHER_DATABASE_URL": "sqlite:////x/y.db"})
    assert found.instance == checkout / "instance"


def test_an_installed_package_keeps_its_files_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matcher, "__file__", str(tmp_path / "site-packages/matcher/__init__.py"))
    assert load_settings({"XDG_DATA_HOME": str(tmp_path / "x")}).instance == tmp_path / "x/matcher"
    home = load_settings({"HOME": str(tmp_path / "h"), "XDG_DATA_HOME": "relative"}).instance
    assert tmp_path / "h" in home.parents
    with pytest.raises(ConfigError, match="no home folder"):
        load_settings({})


@pytest.mark.parametrize("kind", ["file", "nul", "under a file"])
def test_a_wrong_instance_folder_is_named(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").touch()
    folder = {"file": "file", "nul": "a\0b", "under a file": "file/under"}[kind]
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path / folder)
    assert "instance" in str(caught.value).lower()


def test_loopback_is_this_machine_alone() -> None:
    here = ("localhost", "LOCALHOST.", "127.0.0.1", "127.1.2.3", "::1", "[::1]")
    away = ("example.org", "10.0.0.1", "localhost.example.org", "0.0.0.0", "")
    assert all(map(is_loopback, here))
    assert not any(map(is_loopback, away))
