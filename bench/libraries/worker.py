"""Answers each line of standard input, a list of messages, with what compress() took and gave. The package `headroom` is
whichever this interpreter finds; nothing else of it is used, so that any implementation can stand here."""

import contextlib
import json
import sys
import time

from headroom import compress


def main() -> None:
    out = sys.stdout
    for line in sys.stdin:
        messages = json.loads(line)
        with contextlib.redirect_stdout(sys.stderr):
            begin = time.perf_counter()
            result = compress(messages, model="gpt-4o")
            took = (time.perf_counter() - begin) * 1000
        json.dump({"ms": took, "before": result.tokens_before, "after": result.tokens_after}, out)
        out.write("\n")
        out.flush()


if __name__ == "__main__":
    main()
