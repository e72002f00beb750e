"""An engine with a store of its own; the functions of the package are methods of a default one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import _native
from ._config import PROFILES, CompressConfig, config_with
from ._errors import NotFoundError, ValidationError
from ._hooks import HookCall
from ._messages import json_of, list_name, plain, request_body, said, with_changes
from ._result import CompressedBody, CompressedText, CompressResult, Message, SimulationResult

DEFAULT_MODEL = "claude-sonnet-4-5-20250929"
TEXT_MODEL = "gpt-4o"

Range = str | int | tuple[int, int]


class Engine:
    """Compresses, and keeps the originals of what it shortened. Thread-safe; other Python threads run meanwhile. What
    comes out depends on what goes in and on the settings alone: the same messages give the same bytes in any process.

    workspace_dir: folder of the store; "" is $HEADROOM_WORKSPACE_DIR, else ~/.headroom. in_memory: originals live as long
    as the engine. store_key_file: the key of an encrypted store (64 hex digits); "" is $HEADROOM_STORE_KEY_FILE, else it
    is not encrypted. profile, tool_profiles, min_tokens, target_tokens: as in CompressConfig, for all calls. learned: ask
    learned models that are installed about texts whose structure says nothing.

    Raises StorageError when the store cannot be opened and ValidationError for a wrong setting.
    """

    def __init__(
        self,
        workspace_dir: str = "",
        *,
        in_memory: bool = False,
        store_key_file: str = "",
        profile: str = "balanced",
        tool_profiles: Mapping[str, str] | Iterable[str] = (),
        min_tokens: int = 200,
        target_tokens: int = 0,
        learned: bool = True,
    ) -> None:
        self._workspace_dir = workspace_dir
        self._in_memory = in_memory
        self._store_key_file = store_key_file
        self._profile = profile
        self._learned = learned
        self._min_tokens = min_tokens
        self._target_tokens = target_tokens
        self._tools = CompressConfig(tool_profiles=tool_profiles).tools()
        # One for each combination of the settings that a native engine has for its life, the engine's own first. They
        # share the store on disk. Two threads may make the same one; the first that is entered stays.
        self._natives: dict[tuple[int, int, tuple[str, ...]], _native.Engine] = {}
        self._native_for(CompressConfig())

    def compress(
        self,
        messages: Iterable[Message],
        model: str = DEFAULT_MODEL,
        *,
        hooks: Any = None,
        config: CompressConfig | None = None,
        **changes: Any,
    ) -> CompressResult:
        """The messages with their tool results shortened; see headroom.compress()."""
        settings = config_with(config, changes)
        settings.warn_of_what_has_no_effect(stacklevel=2)
        return self._compress(self._native_for(settings), messages, model, settings, hooks)

    def compress_body(
        self, body: Mapping[str, Any], *, hooks: Any = None, config: CompressConfig | None = None, **changes: Any
    ) -> CompressedBody:
        """The JSON body of a request, of any format that the proxy knows (Anthropic's messages, OpenAI's chat.completions
        and responses, Gemini's generateContent), as the proxy would send it: its instructions and tools are read as well.
        Hooks are asked about what it calls "messages". The body that is given is never changed; one that is no JSON
        comes back as it was."""
        settings = config_with(config, changes)
        settings.warn_of_what_has_no_effect(stacklevel=2)
        told = HookCall(hooks, str(body.get("model") or ""))
        before = dict(body)
        protected: set[int] = set()
        if isinstance(before.get("messages"), list):
            before["messages"], protected = told.before(before["messages"])
        after, figures, steps = _compressed_body(self._native_for(settings), before, settings, protected, told)
        told.after(figures, steps)
        return CompressedBody(after, figures)

    def simulate(
        self,
        messages: Iterable[Message],
        model: str = DEFAULT_MODEL,
        *,
        config: CompressConfig | None = None,
        **changes: Any,
    ) -> SimulationResult:
        """What compress() would do. Nothing is stored, so markers in the outcome lead nowhere."""
        settings = config_with(config, {**changes, "diagnostics": True})
        settings.warn_of_what_has_no_effect(stacklevel=2)
        native = self._new_native(self._key(settings), in_memory=True)
        return SimulationResult(self._compress(native, messages, model, settings))

    def compress_text(
        self,
        text: str | bytes,
        question: str = "",
        *,
        tool: str = "",
        arguments: str | Mapping[str, Any] = "",
        model: str = TEXT_MODEL,
        type: str = "",
        profile: str | None = None,
    ) -> CompressedText:
        """One text, such as a tool's output, shortened to what answers the question. `arguments`: the tool's input, or a
        command line. `type`: "json", "log", ...; without it the type is found out. Bytes may also be a workbook
        (.xlsx, .ods, .xls), whose sheets are then read as comma separated values."""
        if profile is not None and profile not in PROFILES:
            raise ValidationError(f"profile must be one of {', '.join(PROFILES)}", code="invalid_argument")
        if isinstance(text, str):
            try:
                data = text.encode()
            except UnicodeEncodeError:
                return CompressedText(text, reason="the text is not valid Unicode")
        elif isinstance(text, (bytes, bytearray, memoryview)):
            data = bytes(text)
        else:
            raise ValidationError("text must be a str or bytes", code="invalid_argument")
        if not isinstance(arguments, str):
            try:
                arguments = json.dumps(arguments, ensure_ascii=False, skipkeys=True, default=plain)
            except Exception as error:
                raise ValidationError(
                    f"arguments cannot be written as JSON: {error}", code="invalid_argument"
                ) from error
        native = next(iter(self._natives.values()))
        out = native.compress_text(
            data,
            said("question", question),
            said("tool", tool),
            said("arguments", arguments),
            said("model", model),
            said("type", type),
            profile or "",
        )
        shorter = out.text.decode("utf-8", "surrogateescape") if out.changed or isinstance(text, bytes) else text
        return CompressedText(
            shorter, out.tokens_before, out.tokens_after, out.transforms, out.ids, out.estimate, out.reason
        )

    def retrieve(
        self,
        id: str,
        *,
        lines: Range | None = None,
        items: Range | None = None,
        path: str = "",
        query: str = "",
    ) -> str:
        """What a marker names: `id` is its hash, 12 digits of it, or the whole marker. All of the original, exactly, or

        lines: "120:180" or (120, 180), counted from 1; items: of a JSON array, counted from 0, `path` ("data.rows") says
        which, without it the largest; query: the lines or items that fit the words best.

        Raises NotFoundError when there is no such original, ValidationError for what is no id or no range. Bytes that
        were no UTF-8 come back as "surrogateescape" has them.
        """
        part = (_range(lines), _range(items), said("path", path), said("query", query))
        digits = _hash_of(said("id", id))
        missing: NotFoundError | None = None
        for native in list(self._natives.values()):
            try:
                return native.retrieve(digits, *part).decode("utf-8", "surrogateescape")
            except NotFoundError as error:
                missing = missing or error
        raise missing if missing is not None else NotFoundError(f"no original {id}", code="not_found")

    def _key(self, config: CompressConfig) -> tuple[int, int, tuple[str, ...]]:
        least = config.min_tokens_to_compress
        tools = config.tools()
        return (
            self._min_tokens if least is None else least,
            config.target_tokens or self._target_tokens,
            tools or self._tools,
        )

    def _native_for(self, config: CompressConfig) -> _native.Engine:
        key = self._key(config)
        native = self._natives.get(key)
        return native if native is not None else self._natives.setdefault(key, self._new_native(key, self._in_memory))

    def _new_native(self, key: tuple[int, int, tuple[str, ...]], in_memory: bool) -> _native.Engine:
        least, target, tools = key
        if least < 0 or target < 0:
            raise ValidationError("numbers of tokens must not be negative", code="invalid_argument")
        return _native.Engine(
            self._workspace_dir,
            in_memory,
            self._store_key_file,
            self._profile,
            list(tools),
            least,
            target,
            self._learned,
        )

    def _compress(
        self,
        native: _native.Engine,
        messages: Iterable[Message],
        model: str,
        config: CompressConfig,
        hooks: Any = None,
    ) -> CompressResult:
        told = HookCall(hooks, model)
        old, protected = told.before(list_of(messages))
        result, steps = _compressed(native, old, model, config, protected, told.wants_steps)
        told.after(result, steps)
        return result


def _compressed(
    native: _native.Engine, old: list[Message], model: str, config: CompressConfig, protected: set[int], steps: bool
) -> tuple[CompressResult, list[dict[str, Any]]]:
    try:
        body = request_body(old, model)
    except Exception as error:  # an object of the caller's may raise anything when it is asked what it holds
        return _left(old, error), []
    keep = _kept(config, protected, len(old))
    out = native.compress_request(body, _budget(config, body), config.level(), _reports(config, keep), steps)
    new = old
    if out.changed:
        try:
            texts = json.loads(out.text)[list_name(old)]
            new = [with_changes(*pair) for pair in zip(old, texts, strict=True)]
        except Exception as error:
            return _left(old, error), []
    return _result(native, out, old, new, config, keep), out.steps if steps else []


def _compressed_body(
    native: _native.Engine, body: dict[str, Any], config: CompressConfig, protected: set[int], told: HookCall
) -> tuple[dict[str, Any], CompressResult, list[dict[str, Any]]]:
    """The body to send, figures about it whose messages do not count, and the steps."""
    name = next((name for name in ("messages", "input", "contents") if isinstance(body.get(name), list)), None)
    old = body[name] if name is not None else []
    try:
        data = json_of(body, strict=True)
    except Exception as error:
        return body, _left(old, error), []
    keep = _kept(config, protected, len(old))
    out = native.compress_request(data, _budget(config, data), config.level(), _reports(config, keep), told.wants_steps)
    after = json.loads(out.text) if out.changed else body
    new = after[name] if name is not None else []
    if len(new) != len(old):
        keep = set()  # old rounds have left, so indices say nothing any more
    figures = _result(native, out, old, new, config, keep)
    if out.changed and name is not None:
        after[name] = list(figures)
    return after, figures, out.steps if told.wants_steps else []


def _left(messages: list[Message], error: Exception) -> CompressResult:
    return CompressResult(messages, reason=f"the messages cannot be written as JSON: {error}")


def _kept(config: CompressConfig, protected: set[int], count: int) -> set[int]:
    """Indices of messages that must stay."""
    first = range(min(config.frozen_message_count, count))
    return {*protected, *first, *range(max(count - config.protect_recent, 0), count)}


def _reports(config: CompressConfig, keep: set[int]) -> bool:
    return bool(keep) or config.diagnostics or config.verify_lossless


def _result(
    native: _native.Engine,
    out: _native.Outcome,
    old: list[Message],
    new: list[Message],
    config: CompressConfig,
    keep: set[int],
) -> CompressResult:
    blocks = out.blocks
    reverted: list[int] = []
    if config.verify_lossless:
        reverted = sorted({block["message"] for block in blocks if not _all_there(native, block["ids"])})
        keep = {*keep, *reverted}
    result = CompressResult(
        new,
        out.tokens_before,
        out.tokens_after,
        transforms_applied=out.transforms,
        diagnostics=blocks if config.diagnostics else None,
        lossless=not out.ids,
        reverted_messages=reverted,
        ids=out.ids,
        estimate=out.estimate,
        reason=out.reason,
        budget_note=out.budget_note,
        drifts=out.drifts,
        rewrite=out.rewrite,
        revision_note=out.revision_note,
    )
    return _with_kept(result, old, blocks, keep) if keep and out.changed else result


def list_of(messages: Iterable[Message]) -> list[Message]:
    if isinstance(messages, (str, bytes, Mapping)) or not isinstance(messages, Iterable):
        raise ValidationError("messages must be a list of messages", code="invalid_argument")
    return list(messages)


def count_messages(messages: Iterable[Message], model: str) -> tuple[int, bool]:
    """Tokens of all that the model reads in the messages, and whether the count is an estimate."""
    try:
        body = request_body(list_of(messages), model)
    except Exception as error:
        raise ValidationError(f"the messages cannot be written as JSON: {error}", code="parse") from error
    out = _counter().compress_request(body, 0, "", False)
    return out.tokens_before, out.estimate


def _counter() -> _native.Engine:
    """An engine to which every tool result is too small, so that it only counts."""
    return _native.Engine("", True, "", "lossless", [], 2**62, 0, False)


def _budget(config: CompressConfig, body: bytes) -> int:
    budgets = []
    if config.token_budget is not None:
        budgets.append(config.token_budget)
    if config.target_ratio is not None:
        if not 0 < config.target_ratio <= 1:
            raise ValidationError("target_ratio must be over 0 and at most 1", code="invalid_argument")
        budgets.append(int(_counter().compress_request(body, 0, "", False).tokens_before * config.target_ratio))
    if any(budget < 0 for budget in budgets):
        raise ValidationError("numbers of tokens must not be negative", code="invalid_argument")
    return max(min(budgets), 1) if budgets else 0


def _all_there(native: _native.Engine, ids: list[str]) -> bool:
    try:
        for id in ids:
            native.retrieve(id, "", "", "", "")
    except Exception:
        return False
    return True


def _with_kept(result: CompressResult, old: list[Message], blocks: list[Any], keep: set[int]) -> CompressResult:
    """The result with some messages as they were, and figures that say so."""
    stay = [block for block in blocks if block["message"] not in keep]
    back = [block for block in blocks if block["message"] in keep]
    ids = list(dict.fromkeys(id for block in stay for id in block["ids"]))
    transforms = list(dict.fromkeys(block["transform"] for block in stay if block["transform"]))
    return CompressResult(
        [old[index] if index in keep else message for index, message in enumerate(result)],
        result.tokens_before,
        result.tokens_after + sum(block["tokens_before"] - block["tokens_after"] for block in back),
        transforms_applied=[name for name in result.transforms_applied if name in transforms],
        diagnostics=result.diagnostics,
        lossless=not ids,
        reverted_messages=result.reverted_messages,
        ids=ids,
        estimate=result.estimate,
        reason=result.reason if transforms else "what could be shortened is protected",
        budget_note=result.budget_note,
        drifts=result.drifts,
        rewrite=result.rewrite,
        revision_note=result.revision_note,
    )


def _range(value: Range | None) -> str:
    if value is None:
        return ""
    return ":".join(str(number) for number in value) if isinstance(value, tuple) else str(value)


def _hash_of(id: str) -> str:
    marker = re.search(r"<<ccr:([0-9a-f]+)", id)
    return marker.group(1) if marker is not None else id.strip()
