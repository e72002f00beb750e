from __future__ import annotations

import subprocess
import sys

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
