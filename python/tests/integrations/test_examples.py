"""Each example runs by itself, against the real framework, and imports no other one than its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"
# What an integration needs, by its module's name; a module may import others of the same family.
FRAMEWORKS = {
    "agno": "agno",
    "autogen": "autogen_core",
    "crewai": "crewai",
    "langchain": "langchain_core",
    "litellm_callback": "litellm",
    "llama_index": "llama_index",
    "openai_agents": "agents",
    "pydantic_ai": "pydantic_ai",
    "strands": "strands",
}


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem != "sample"))
def test_it_runs(name: str) -> None:
    made = subprocess.run(
        [sys.executable, "-W", "ignore", EXAMPLES / f"{name}.py"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert made.returncode == 0, made.stderr
    assert "tokens saved" in made.stdout


@pytest.mark.parametrize("module", ["asgi", *sorted(FRAMEWORKS)])
def test_what_is_not_there_is_named(module: str) -> None:
    """With every framework hidden, the module says which one it needs; asgi needs none."""
    hidden = ", ".join(f"{name!r}: None" for name in [*FRAMEWORKS.values(), "starlette", "fastapi", "anyio"])
    code = f"import sys; sys.modules.update({{{hidden}}}); import headroom.integrations.{module}"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if module == "asgi":
        assert made.returncode == 0, made.stderr
    else:
        assert "pip install 'headroom-ai[" in made.stderr and "cannot be imported" in made.stderr
