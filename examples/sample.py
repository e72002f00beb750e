"""What the examples read: a build's log in which one line matters."""

QUESTION = "Why did the build fail?"
LOG = "".join(f"[{i + 1}/400] Building CXX object src/part{i}.cc.o\n" for i in range(400))
LOG += "FAILED: src/wal.cc.o\nsrc/wal.cc:41:7: error: no member named 'sync_range' in 'Writer'\n"
NEEDLE = "no member named 'sync_range'"


def check(seen: str, saved: int) -> None:
    """That the model read what answers the question, and much less than the log."""
    assert NEEDLE in seen and len(seen) < len(LOG) / 4, seen[:400]
    print(f"the model read {len(seen)} characters in place of {len(LOG)}; {saved} tokens saved")
