from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from samples import QUESTION, build_log, openai, records, rows

import headroom
from headroom import Engine, compress, compress_text, count_tokens, retrieve


def test_text_is_a_str() -> None:
    text = compress_text(build_log(), QUESTION, tool="Bash", arguments={"command": "ninja"})
    assert isinstance(text, str) and "sync_range" in text and text == text.text
    assert type(text.text) is str
    assert text.tokens_before == count_tokens(build_log()) and text.tokens_after == count_tokens(text.text)
    assert text.compression_ratio > 0.5 and retrieve(text.ids[0]) == build_log()
    assert pickle.loads(pickle.dumps(text)).ids == text.ids
    assert compress_text("short") == "short" and compress_text("short").reason
    assert compress_text("\ud800") == "\ud800"
    assert "tiny" in compress_text(build_log(), type="tiny").reason
    with pytest.raises(headroom.ValidationError):
        compress_text(build_log(), profile="tiny")


def test_sheets_of_a_workbook() -> None:
    sample = Path(__file__).parents[2] / "src/document/samples/openpyxl.xlsx"
    assert compress_text(sample.read_bytes()).startswith('## Sheet "Sales"')
    result = headroom.compress_spreadsheet(sample, question="which sales?")
    assert result[0]["role"] == "user" and result[0]["content"].startswith('## Sheet "Sales"')
    with pytest.raises(OSError):
        headroom.compress_spreadsheet("/nowhere.xlsx")


def test_the_same_text_as_in_a_conversation() -> None:
    alone = compress_text(build_log(), QUESTION, tool="Bash", arguments='{"command": "ninja"}')
    assert compress(openai(build_log()), model="gpt-4o")[-1]["content"] == alone


def test_parts() -> None:
    log = compress_text(build_log())
    id = log.ids[0]
    first = build_log().splitlines(keepends=True)
    assert retrieve(id[:12]) == retrieve(f"text before <<ccr:{id} 398 of 402 lines dropped>>") == build_log()
    assert retrieve(id, lines=(2, 3)) == retrieve(id, lines="2:3") == "".join(first[1:3])
    assert retrieve(id, lines=1) == first[0]
    assert "sync_range" in retrieve(id, query="sync_range")
    table = compress_text(records(), "which failed?")
    assert retrieve(table.ids[0], items="41:42").count("\n") == 2
    assert '"id": 41' in retrieve(table.ids[0], items=41)
    for wrong in ({"lines": "x"}, {"lines": 1, "query": "x"}, {"path": "a"}):
        with pytest.raises(headroom.ValidationError):
            retrieve(log.ids[0], **wrong)


@pytest.mark.parametrize(
    ("id", "code"), [("0" * 24, "not_found"), ("xyz", "invalid_argument"), ("", "invalid_argument")]
)
def test_errors_have_a_code(id: str, code: str) -> None:
    with pytest.raises(headroom.HeadroomError) as caught:
        retrieve(id)
    error = caught.value
    assert error.code == code and error.message == str(error)
    assert isinstance(error, LookupError) == (code == "not_found")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and again.code == code and again.message == error.message


def test_engines_have_stores_of_their_own(tmp_path: Path) -> None:
    disk, memory = Engine(str(tmp_path / "a")), Engine(in_memory=True)
    id = memory.compress(openai(build_log()), "gpt-4o", min_tokens_to_compress=10).ids[0]
    assert memory.retrieve(id) == build_log()
    with pytest.raises(headroom.NotFoundError):
        disk.retrieve(id)
    assert disk.compress(openai(build_log()), "gpt-4o").ids == [id]
    assert Engine(str(tmp_path / "a")).retrieve(id) == build_log()
    for wrong in ({"profile": "tiny"}, {"min_tokens": -1}, {"tool_profiles": ["x"]}):
        with pytest.raises(headroom.ValidationError):
            Engine(in_memory=True, **wrong)
    with pytest.raises(headroom.StorageError):
        Engine("/dev/null/nowhere")


def test_an_encrypted_store_opens_with_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong, store = tmp_path / "right", tmp_path / "wrong", str(tmp_path / "store")
    for file, digit in ((right, "a"), (wrong, "b")):
        file.write_text(digit * 64)
        file.chmod(0o600)
    id = Engine(store, store_key_file=str(right)).compress(openai(build_log()), "gpt-4o").ids[0]
    assert Engine(store, store_key_file=str(right)).retrieve(id) == build_log()
    for other in ("", str(wrong), str(tmp_path / "none")):
        with pytest.raises(headroom.StorageError):
            Engine(store, store_key_file=other)
    monkeypatch.setenv("HEADROOM_WORKSPACE_DIR", store)
    with pytest.raises(headroom.StorageError, match="HEADROOM_STORE_KEY_FILE"):
        retrieve(id)
    monkeypatch.setenv("HEADROOM_STORE_KEY_FILE", str(right))
    assert retrieve(id) == build_log()


def test_many_threads_give_what_one_gives() -> None:
    jobs = [openai(build_log(150 + i % 7), rows(100 + i % 5)) for i in range(60)]
    expected = [list(Engine(in_memory=True).compress(job, "gpt-4o")) for job in jobs[:35]]
    shared = Engine(in_memory=True)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda job: shared.compress(job, "gpt-4o"), jobs))
    for index, result in enumerate(results):
        assert list(result) == expected[index % 35]
        for id in result.ids:
            assert shared.retrieve(id)


def test_other_threads_run_while_one_compresses() -> None:
    engine = Engine(in_memory=True)
    text = "".join(f"{i * 7919 % 10007} some words {i} that differ {i * i} from line to line\n" for i in range(60000))
    done = threading.Event()

    def work() -> None:
        engine.compress_text(text)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    turns = 0
    while not done.is_set():
        turns += 1
        time.sleep(0.0005)
    thread.join()
    assert turns > 5


def in_child(id: str) -> tuple[str, list[str]]:
    return retrieve(id), compress(openai(records()), model="gpt-4o", profile="aggressive").ids


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_child_processes(method: str) -> None:
    id = compress(openai(build_log()), model="gpt-4o").ids[0]
    with multiprocessing.get_context(method).Pool(2) as pool:
        for text, ids in pool.map(in_child, [id] * 4):
            assert text == build_log()
            assert all(retrieve(made) == records() for made in ids)


FORKING = """
import os, sys
from headroom import Engine, compress_text, retrieve
text = "one line\\n" * 3000
id = compress_text(text).ids[0]
memory = Engine(in_memory=True)
memory.compress_text(text)
child = os.fork()
same = retrieve(id) == memory.retrieve(id) == text
if child == 0:
    sys.exit(0 if same else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) if same else 2)
"""


def test_a_child_that_ends_as_interpreters_do_does_not_wait_for_its_parents_threads() -> None:
    assert subprocess.run([sys.executable, "-c", FORKING], timeout=60, check=False).returncode == 0


def test_nothing_is_written_when_stateless(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_STATELESS", "1")
    id = compress(openai(build_log()), model="gpt-4o").ids[0]
    assert retrieve(id) == build_log() and not workspace.exists()


def test_the_store_is_the_programs(workspace: Path) -> None:
    program = os.environ.get("HEADROOM_PROGRAM")
    if program is None:
        pytest.skip("HEADROOM_PROGRAM does not say where headroom is")
    id = compress(openai(build_log()), model="gpt-4o").ids[0]
    got = subprocess.run([program, "retrieve", id], capture_output=True, check=True, text=True).stdout
    assert got == build_log()
    made = subprocess.run([program, "compress"], input=records(), capture_output=True, check=True, text=True).stdout
    assert retrieve(made[made.index("<<ccr:") :]) == records()


def test_counting() -> None:
    assert count_tokens("hello world") == 2 and count_tokens("") == 0
    assert count_tokens("hello world", "claude-sonnet-4-5") > 0 and count_tokens("\ud800") > 0


def test_what_drifted_and_what_rewriting_would_cost() -> None:
    def conversation(day: str, calls: int) -> list[dict[str, object]]:
        messages: list[dict[str, object]] = [
            {"role": "system", "content": f"Today's date: {day}. Be brief."},
            {"role": "user", "content": "build it"},
        ]
        for call in range(calls):
            function = {"name": "Bash", "arguments": '{"command": "make"}'}
            text = "\n".join(f"FAILED {call} test_{i * i} is not as it was" for i in range(60))
            messages.append(
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": f"c{call}", "type": "function", "function": function}],
                }
            )
            messages.append({"role": "tool", "tool_call_id": f"c{call}", "content": text})
        return messages

    engine = Engine(in_memory=True)
    first = engine.compress(conversation("2026-11-25", 1), "gpt-4o")
    assert first.drifts == [] and first.rewrite is None and first.revision_note == ""
    second = engine.compress(conversation("2026-11-26", 2), "gpt-4o")
    assert [(drift["what"], drift["action"], drift["request"]) for drift in second.drifts] == [
        ("date or time", "told", 2)
    ]
    assert second.rewrite is not None and not second.rewrite["done"] and second.rewrite["why_not"]
    assert second.rewrite["keep_later"] > second.rewrite["rewrite_later"] > 0
