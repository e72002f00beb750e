from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own for each test."""
    folder = tmp_path / "workspace"
    monkeypatch.setenv("HEADROOM_WORKSPACE_DIR", str(folder))
    monkeypatch.delenv("HEADROOM_STATELESS", raising=False)
    return folder
