from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import headroom


def test_every_name_is_there() -> None:
    for name in headroom.__all__:
        assert getattr(headroom, name) is not None
    assert set(headroom.__all__) <= set(dir(headroom))
    assert not hasattr(headroom, "no_such_name")
    assert headroom.__version__.count(".") == 2


def test_importing_loads_nothing() -> None:
    # What takes time is loaded when it is first used, so that a program that may not use it pays nothing.
    code = "import sys; before = set(sys.modules); import headroom; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert not {"json", "dataclasses", "re"} & set(loaded)
    assert not [name for name in loaded if name.startswith("headroom.")]


# Modules that scripts for the original import names from, and what they find there.
MODULES = {
    "client": ["HeadroomClient"],
    "compress": ["CompressConfig", "CompressResult", "compress", "compress_spreadsheet"],
    "config": ["CompressConfig", "HeadroomConfig", "HeadroomMode"],
    "exceptions": ["HeadroomError", "StorageError", "ValidationError"],
    "hooks": ["CompressContext", "CompressEvent", "CompressionHooks"],
    "integrations": ["HeadroomMCPCompressor", "compress_tool_result"],
    "pipeline": ["CANONICAL_PIPELINE_STAGES", "PipelineEvent", "PipelineStage"],
    "providers": ["AnthropicProvider", "OpenAIProvider", "Provider"],
    "shared_context": ["ContextEntry", "SharedContext"],
    "transforms": ["SmartCrusher"],
}


@pytest.mark.parametrize("module", MODULES)
def test_modules_that_scripts_know(module: str) -> None:
    found = importlib.import_module(f"headroom.{module}")
    for name in MODULES[module]:
        value = getattr(found, name)
        if module == "integrations":
            assert value is getattr(importlib.import_module("headroom.integrations.mcp"), name)
        else:
            assert value is getattr(headroom, name) or (module, name) == ("compress", "compress")
    assert not hasattr(found, "no_such_name")


def test_compress_is_a_function_whatever_was_imported() -> None:
    code = """
import headroom.compress
from headroom import compress as by_package
from headroom.compress import compress as by_module
assert list(headroom.compress([])) == list(by_package([])) == list(by_module([])) == []
"""
    subprocess.run([sys.executable, "-c", code], check=True)
