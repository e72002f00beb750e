"""Where the program, the proxy and the libraries keep their files. Nothing is made by asking."""

from __future__ import annotations

import os
from pathlib import Path

from ._errors import ValidationError

__all__ = [
    "HEADROOM_CONFIG_DIR_ENV",
    "HEADROOM_WORKSPACE_DIR_ENV",
    "config_dir",
    "ensure_config_dir",
    "ensure_workspace_dir",
    "plugin_config_dir",
    "plugin_workspace_dir",
    "workspace_dir",
]

HEADROOM_WORKSPACE_DIR_ENV = "HEADROOM_WORKSPACE_DIR"
HEADROOM_CONFIG_DIR_ENV = "HEADROOM_CONFIG_DIR"


def workspace_dir() -> Path:
    """The folder of the store of originals and of the ledger."""
    return Path(os.environ.get(HEADROOM_WORKSPACE_DIR_ENV) or Path.home() / ".headroom")


def config_dir() -> Path:
    """The folder of config.toml."""
    return Path(os.environ.get(HEADROOM_CONFIG_DIR_ENV) or workspace_dir() / "config")


def ensure_workspace_dir() -> Path:
    return _made(workspace_dir())


def ensure_config_dir() -> Path:
    return _made(config_dir())


def plugin_config_dir(name: str) -> Path:
    """A folder for settings of a program that goes with Headroom. name: one part of a path."""
    return config_dir() / "plugins" / _part(name)


def plugin_workspace_dir(name: str) -> Path:
    """A folder for what such a program keeps."""
    return workspace_dir() / "plugins" / _part(name)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _part(name: str) -> str:
    if not name or name in (".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise ValidationError("the name of a plugin must be one part of a path", code="invalid_argument")
    return name
