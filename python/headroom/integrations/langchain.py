"""LangChain and LangGraph.

model = HeadroomChatModel(ChatOpenAI(model="gpt-4o"))          # what it is asked is shortened
tools = wrap_tools_with_headroom(tools)                        # what tools give is shortened where it arises
retriever = ContextualCompressionRetriever(base_compressor=HeadroomDocumentCompressor(), base_retriever=...)
graph.add_node("shorten", create_compress_tool_messages_node())
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from headroom._api import count_tokens_messages
from headroom._bm25 import most_relevant
from headroom._client import HeadroomConfig, HeadroomMode
from headroom._config import CompressConfig
from headroom._engine import Engine

from ._common import Saved, Shortener, ToolMetricsCollector, get_tool_metrics, missing, name_of_model
from ._common import detect_provider as detect_provider
from ._common import get_headroom_provider as get_headroom_provider
from ._common import reset_tool_metrics as reset_tool_metrics

try:
    from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun, Callbacks
    from langchain_core.chat_history import BaseChatMessageHistory
    from langchain_core.documents import BaseDocumentCompressor, Document
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
    from langchain_core.outputs import ChatGenerationChunk, ChatResult
    from langchain_core.runnables import Runnable, RunnableLambda
    from langchain_core.tools import BaseTool, StructuredTool
    from pydantic import ConfigDict, PrivateAttr
except ImportError as error:
    raise missing("langchain", "langchain-core", error) from error

get_model_name_from_langchain = name_of_model

_ROLES = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool", "function": "function"}


class HeadroomChatModel(BaseChatModel):
    """A chat model that shortens the tool results in what it is asked, and leaves the rest to wrapped_model: answers,
    streams, tools, structured output.

    config, hooks, engine: as for headroom.compress() and with_headroom(). mode: "audit" only counts. auto_detect_provider
    has no effect. Other LangChain fields (cache, tags, ...) may be given, too.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    wrapped_model: Any
    headroom_config: Any = None
    headroom_hooks: Any = None
    _headroom: Shortener = PrivateAttr()

    def __init__(
        self,
        wrapped_model: Any,
        config: CompressConfig | HeadroomConfig | None = None,
        mode: HeadroomMode | str = HeadroomMode.OPTIMIZE,
        auto_detect_provider: bool = True,
        *,
        hooks: Any = None,
        engine: Engine | None = None,
        **fields: Any,
    ) -> None:
        given = {"headroom_config": config, "headroom_hooks": hooks} | fields
        super().__init__(wrapped_model=wrapped_model, **given)
        self._headroom = Shortener(self.headroom_config, self.headroom_hooks, engine, mode=mode)

    @property
    def _llm_type(self) -> str:
        return f"headroom-{getattr(self.wrapped_model, '_llm_type', 'chat')}"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return dict(getattr(self.wrapped_model, "_identifying_params", {}))

    @property
    def total_tokens_saved(self) -> int:
        return self._headroom.tokens_saved

    @property
    def metrics_history(self) -> list[Saved]:
        """The latest requests."""
        return list(self._headroom.history)

    def get_savings_summary(self) -> dict[str, Any]:
        return self._headroom.summary()

    get_metrics = get_savings_summary

    def shorten(self, messages: Sequence[BaseMessage]) -> list[BaseMessage]:
        """The messages as the wrapped model gets them."""
        return shorten_messages(messages, self._headroom, get_model_name_from_langchain(self.wrapped_model))

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, Any]:
        bound = self.wrapped_model.bind_tools(tools, **kwargs)
        return self.bind(**getattr(bound, "kwargs", {}))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self.wrapped_model._generate(self.shorten(messages), stop=stop, run_manager=run_manager, **kwargs)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        short = await _in_executor(self.shorten, messages)
        return await self.wrapped_model._agenerate(short, stop=stop, run_manager=run_manager, **kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        short = self.shorten(messages)
        if type(self.wrapped_model)._stream is BaseChatModel._stream:
            yield _chunk_of(self.wrapped_model._generate(short, stop=stop, run_manager=run_manager, **kwargs))
            return
        yield from self.wrapped_model._stream(short, stop=stop, run_manager=run_manager, **kwargs)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        short = await _in_executor(self.shorten, messages)
        kind = type(self.wrapped_model)
        if kind._stream is BaseChatModel._stream and kind._astream is BaseChatModel._astream:
            yield _chunk_of(await self.wrapped_model._agenerate(short, stop=stop, run_manager=run_manager, **kwargs))
            return
        async for chunk in self.wrapped_model._astream(short, stop=stop, run_manager=run_manager, **kwargs):
            yield chunk


class HeadroomChatMessageHistory(BaseChatMessageHistory):
    """A history of messages that gives them with their tool results shortened, when they have more tokens than
    compress_threshold_tokens; those of the latest keep_recent_turns stay. The base history keeps all of them whole.
    provider has no effect."""

    def __init__(
        self,
        base_history: BaseChatMessageHistory,
        compress_threshold_tokens: int = 4000,
        keep_recent_turns: int = 5,
        model: str = "gpt-4o",
        provider: Any = None,
        *,
        config: CompressConfig | HeadroomConfig | None = None,
    ) -> None:
        self.base_history = base_history
        self.compress_threshold_tokens = compress_threshold_tokens
        self.keep_recent_turns = keep_recent_turns
        self._headroom = Shortener(config)
        self._model = model

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]
        kept = list(self.base_history.messages)
        starts = [index for index, message in enumerate(kept) if message.type == "human"]
        turns = self.keep_recent_turns
        recent = (starts[-turns] if len(starts) >= turns else 0) if turns > 0 else len(kept)
        old = kept[:recent]
        if (
            not old
            or count_tokens_messages([_as_openai(message) for message in kept]) <= self.compress_threshold_tokens
        ):
            return kept
        return shorten_messages(old, self._headroom, self._model) + kept[recent:]

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        self.base_history.add_messages(messages)

    def clear(self) -> None:
        self.base_history.clear()

    def get_compression_stats(self) -> dict[str, Any]:
        return {
            **self._headroom.summary(),
            "compression_count": sum(one.was_compressed for one in self._headroom.history),
            "threshold_tokens": self.compress_threshold_tokens,
            "keep_recent_turns": self.keep_recent_turns,
        }


class HeadroomDocumentCompressor(BaseDocumentCompressor):
    """For ContextualCompressionRetriever: of the documents the max_documents that fit the query best (BM25), each shortened
    to what the query asks for. min_relevance: of 0 to 1, beside the best one. prefer_diverse: what says much the same as a
    better one comes later. Documents are copies; metadata gets "headroom_ids", the originals that markers name."""

    max_documents: int = 10
    min_relevance: float = 0.0
    prefer_diverse: bool = False
    headroom_config: Any = None
    _headroom: Shortener = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        super().model_post_init(context)
        self._headroom = Shortener(self.headroom_config)

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks = None
    ) -> Sequence[Document]:
        texts = [document.page_content for document in documents]
        best = most_relevant(texts, query, self.max_documents, self.min_relevance, self.prefer_diverse)
        return [self._shortened(documents[index], query) for index in best]

    def get_compression_stats(self) -> dict[str, Any]:
        return self._headroom.summary()

    def _shortened(self, document: Document, query: str) -> Document:
        short = self._headroom.text(document.page_content, query)
        if not short.transforms_applied:
            return document
        metadata = {**document.metadata, "headroom_ids": short.ids}
        return document.model_copy(update={"page_content": short.text, "metadata": metadata})


class HeadroomToolWrapper:
    """A tool whose text results are shortened; as_langchain_tool() is the tool to give to an agent."""

    def __init__(
        self,
        tool: BaseTool,
        min_chars_to_compress: int | None = None,
        metrics_collector: ToolMetricsCollector | None = None,
        *,
        config: CompressConfig | None = None,
        headroom: Shortener | None = None,
    ) -> None:
        """min_chars_to_compress: shorter results stay; None: those of fewer than 200 tokens."""
        collector = metrics_collector if metrics_collector is not None else get_tool_metrics()
        shared = Shortener(config, least_chars=min_chars_to_compress, collector=collector)
        self.tool = tool
        self.headroom = headroom if headroom is not None else shared

    def invoke(self, arguments: Any, **kwargs: Any) -> Any:
        return self._shorter(self.tool.invoke(arguments, **kwargs), arguments)

    async def ainvoke(self, arguments: Any, **kwargs: Any) -> Any:
        return self._shorter(await self.tool.ainvoke(arguments, **kwargs), arguments)

    __call__ = invoke
    acall = ainvoke

    def as_langchain_tool(self) -> StructuredTool:
        def run(**arguments: Any) -> Any:
            return self.invoke(arguments)

        async def arun(**arguments: Any) -> Any:
            return await self.ainvoke(arguments)

        return StructuredTool(
            name=self.tool.name,
            description=self.tool.description,
            args_schema=self.tool.get_input_schema(),
            func=run,
            coroutine=arun,
            return_direct=self.tool.return_direct,
        )

    def _shorter(self, result: Any, arguments: Any) -> Any:
        if isinstance(result, (dict, list)):
            try:
                text = json.dumps(result, ensure_ascii=False)
            except (TypeError, ValueError):
                return result
        elif isinstance(result, str):
            text = result
        else:
            return result
        short = self.headroom.text(text, tool=self.tool.name, arguments=arguments)
        return short.text if short.transforms_applied else result


def wrap_tools_with_headroom(
    tools: Sequence[BaseTool],
    min_chars_to_compress: int | None = None,
    metrics_collector: ToolMetricsCollector | None = None,
    *,
    config: CompressConfig | None = None,
) -> list[StructuredTool]:
    """The tools, each with its results shortened. A retriever or a model may do the same later; whatever is short stays.
    metrics_collector: is told what was saved; without one get_tool_metrics() is."""
    return [
        HeadroomToolWrapper(tool, min_chars_to_compress, metrics_collector, config=config).as_langchain_tool()
        for tool in tools
    ]


def optimize_messages(
    messages: Sequence[BaseMessage],
    config: CompressConfig | HeadroomConfig | None = None,
    mode: HeadroomMode | str = HeadroomMode.OPTIMIZE,
    model: str = "gpt-4o",
) -> tuple[list[BaseMessage], dict[str, Any]]:
    """The messages with tool results shortened, and what was saved (see Shortener.summary)."""
    shortener = Shortener(config, mode=mode)
    short = shorten_messages(messages, shortener, model)
    return short, shortener.summary()


class CompressToolMessagesResult(list[BaseMessage]):
    """The messages: a list, with what was done."""

    def __init__(self, old: Sequence[BaseMessage], new: Sequence[BaseMessage], shortener: Shortener) -> None:
        super().__init__(new)
        self.messages_compressed = sum(a is not b for a, b in zip(old, new, strict=True))
        self.total_tokens_saved = shortener.tokens_saved

    @property
    def messages(self) -> list[BaseMessage]:
        """The result itself."""
        return self


@dataclass
class CompressToolMessagesConfig:
    """preserve_errors and error_indicators are accepted: errors always stay."""

    min_tokens_to_compress: int = 100
    preserve_errors: bool = True
    error_indicators: tuple[str, ...] = ()


def compress_tool_messages(
    messages: Sequence[BaseMessage],
    *,
    min_tokens_to_compress: int | None = None,
    preserve_errors: bool = True,
    config: CompressToolMessagesConfig | None = None,
    model: str = "gpt-4o",
) -> CompressToolMessagesResult:
    """The messages with tool results shortened; those of fewer tokens stay. Errors always stay."""
    least = config.min_tokens_to_compress if config is not None else min_tokens_to_compress
    shortener = Shortener(min_tokens_to_compress=least)
    return CompressToolMessagesResult(messages, shorten_messages(messages, shortener, model), shortener)


def create_compress_tool_messages_node(
    *,
    min_tokens_to_compress: int | None = None,
    preserve_errors: bool = True,
    config: CompressConfig | HeadroomConfig | CompressToolMessagesConfig | None = None,
    model: str = "gpt-4o",
    messages_key: str = "messages",
    output_key: str | None = None,
) -> Runnable[Any, dict[str, Any]]:
    """A node of a LangGraph graph. Without output_key the changed messages take the places of the old ones in the state
    (they have the same ids, as add_messages wants it). With one (a prebuilt agent's pre_model_hook takes
    "llm_input_messages") all messages go there, and the state keeps the originals."""
    if isinstance(config, CompressToolMessagesConfig):
        min_tokens_to_compress = config.min_tokens_to_compress
        config = None
    changes: dict[str, Any] = (
        {} if min_tokens_to_compress is None else {"min_tokens_to_compress": min_tokens_to_compress}
    )
    shortener = Shortener(config, **changes)

    def node(state: Any) -> dict[str, Any]:
        old = list(state[messages_key] if isinstance(state, dict) else getattr(state, messages_key))
        new = shorten_messages(old, shortener, model)
        if output_key is not None:
            return {output_key: new}
        return {messages_key: [b for a, b in zip(old, new, strict=True) if a is not b and b.id is not None]}

    return RunnableLambda(node, name="headroom")


def shorten_messages(messages: Sequence[BaseMessage], shortener: Shortener, model: str) -> list[BaseMessage]:
    """One for one; those without a change are the same objects."""
    plain = [_as_openai(message) for message in messages]
    short = shortener.messages(plain, model)
    if len(short) != len(messages):  # a hook has made others of them, which have no LangChain messages
        return list(messages)
    return [
        message if new is old else message.model_copy(update={"content": new["content"]})
        for message, old, new in zip(messages, plain, short, strict=True)
    ]


def _as_openai(message: BaseMessage) -> dict[str, Any]:
    made: dict[str, Any] = {"role": _ROLES.get(message.type, message.type), "content": message.content}
    if isinstance(message, AIMessage) and message.tool_calls:
        made["tool_calls"] = [
            {
                "id": call["id"],
                "type": "function",
                "function": {"name": call["name"], "arguments": json.dumps(call["args"], default=str)},
            }
            for call in message.tool_calls
        ]
        # Anthropic's calls stand in the content as well; one place is enough.
        if isinstance(message.content, list):
            made["content"] = [
                block
                for block in message.content
                if not (isinstance(block, dict) and block.get("type") in ("tool_use", "tool_call"))
            ]
    if message.type == "tool":
        made["tool_call_id"] = getattr(message, "tool_call_id", None)
    return made


def _chunk_of(result: ChatResult) -> ChatGenerationChunk:
    """A whole answer as the one chunk of a stream."""
    generation = result.generations[0]
    message = generation.message
    fields: dict[str, Any] = {
        name: getattr(message, name) for name in ("content", "additional_kwargs", "response_metadata", "id", "name")
    }
    if isinstance(message, AIMessage):
        fields["usage_metadata"] = message.usage_metadata
        fields["tool_call_chunks"] = [
            {"name": call["name"], "args": json.dumps(call["args"]), "id": call["id"], "index": index}
            for index, call in enumerate(message.tool_calls)
        ]
    return ChatGenerationChunk(message=AIMessageChunk(**fields), generation_info=generation.generation_info)


async def _in_executor(call: Callable[..., Any], *arguments: Any) -> Any:
    from langchain_core.runnables.config import run_in_executor

    return await run_in_executor(None, call, *arguments)
