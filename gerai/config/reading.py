"""Reads settings from the environment. What is missing, unknown or half there ends the start with a sentence."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit


def text(name: str, default: str | None = None) -> str:
    """A setting from the environment. Without a default it must be there."""
    value = os.environ.get(name, default)
    if value is None:
        raise SystemExit(f"Setelan {name} belum ada; jalankan ./start. / {name} is missing; run ./start.")
    return value


def number(name: str, default: int) -> int:
    """A whole number from the environment."""
    value = os.environ.get(name, "")
    if value and not value.isdigit():
        raise SystemExit(f"{name}={value!r} harus berupa angka. / {name} must be a whole number.")
    return int(value) if value else default


def flag(name: str, default: bool = False) -> bool:
    """yes or no from the environment."""
    return chosen(name, ("yes", "no"), "yes" if default else "no") == "yes"


def chosen(name: str, among: tuple[str, ...], default: str) -> str:
    """One of some words."""
    value = os.environ.get(name) or default
    if value not in among:
        raise SystemExit(
            f"{name}={value!r} tidak dikenal; pilih salah satu: {', '.join(among)}. / "
            f"{name} must be one of these."
        )
    return value


def together(*names: str, needed: bool) -> list[str]:
    """Settings that are all there or all missing; half of them is a mistake."""
    values = [os.environ.get(name, "") for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing and (needed or len(missing) < len(names)):
        listed = ", ".join(missing)
        raise SystemExit(f"Setelan {listed} belum diisi. / These settings are missing: {listed}.")
    return values


def files(*names: str) -> None:
    """Settings that name a file: where they are filled, the file is there and can be read."""
    for name in names:
        path = os.environ.get(name, "")
        if path and not os.access(path, os.R_OK):
            raise SystemExit(f"{name}: {path} tidak dapat dibaca. / {name}: {path} cannot be read.")


def database(url: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL URL; a socket folder goes in ?host=."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or unquote(query.get("host", "")),
        "PORT": parts.port or query.get("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Used by core.sql alone. ?prepare=no for a pooler that gives each transaction another connection.
        "OPTIONS": {
            "options": "-c timezone=UTC",
            "prepare_threshold": None if query.get("prepare") == "no" else 1,
        },
    }
