"""Headroom: what an agent reads costs fewer tokens, and answers stay the same.

    from headroom import compress, retrieve

    result = compress(messages, model="gpt-4o")     # tool results shortened, everything else as it was
    client.chat.completions.create(model="gpt-4o", messages=result)
    retrieve("3f2a90c41b7d", lines="120:180")       # what a marker <<ccr:3f2a90c41b7d...>> left out

No network, no other process; originals are kept in ~/.headroom on this machine.
"""

TYPE_CHECKING = False  # for type checkers it is True; the typing module would take longer to import than all of this

if TYPE_CHECKING:
    from ._api import compress as compress
    from ._api import compress_spreadsheet as compress_spreadsheet
    from ._api import compress_text as compress_text
    from ._api import count_tokens as count_tokens
    from ._api import count_tokens_messages as count_tokens_messages
    from ._api import count_tokens_text as count_tokens_text
    from ._api import retrieve as retrieve
    from ._api import simulate as simulate
    from ._client import HeadroomClient as HeadroomClient
    from ._client import HeadroomConfig as HeadroomConfig
    from ._client import HeadroomMode as HeadroomMode
    from ._clients import ClientSavings as ClientSavings
    from ._clients import savings_of as savings_of
    from ._clients import with_headroom as with_headroom
    from ._clients import withHeadroom as withHeadroom
    from ._config import CompressConfig as CompressConfig
    from ._crusher import CrushResult as CrushResult
    from ._crusher import SmartCrusher as SmartCrusher
    from ._engine import Engine as Engine
    from ._errors import CacheError as CacheError
    from ._errors import CompressionError as CompressionError
    from ._errors import ConfigurationError as ConfigurationError
    from ._errors import HeadroomError as HeadroomError
    from ._errors import HeadroomWarning as HeadroomWarning
    from ._errors import NotFoundError as NotFoundError
    from ._errors import ProviderError as ProviderError
    from ._errors import StorageError as StorageError
    from ._errors import TokenizationError as TokenizationError
    from ._errors import TransformError as TransformError
    from ._errors import ValidationError as ValidationError
    from ._hooks import CANONICAL_PIPELINE_STAGES as CANONICAL_PIPELINE_STAGES
    from ._hooks import CompressContext as CompressContext
    from ._hooks import CompressEvent as CompressEvent
    from ._hooks import CompressionHooks as CompressionHooks
    from ._hooks import PipelineEvent as PipelineEvent
    from ._hooks import PipelineStage as PipelineStage
    from ._metrics import RequestMetrics as RequestMetrics
    from ._native import __version__ as __version__
    from ._providers import AnthropicProvider as AnthropicProvider
    from ._providers import GoogleProvider as GoogleProvider
    from ._providers import OpenAIProvider as OpenAIProvider
    from ._providers import Provider as Provider
    from ._providers import TokenCounter as TokenCounter
    from ._proxy import HeadroomProxy as HeadroomProxy
    from ._result import BlockReport as BlockReport
    from ._result import CompressedBody as CompressedBody
    from ._result import CompressedText as CompressedText
    from ._result import CompressResult as CompressResult
    from ._result import Drift as Drift
    from ._result import Rewrite as Rewrite
    from ._result import SimulationResult as SimulationResult
    from ._settings import CacheAlignerConfig as CacheAlignerConfig
    from ._settings import CacheOptimizerConfig as CacheOptimizerConfig
    from ._settings import RelevanceScorerConfig as RelevanceScorerConfig
    from ._settings import SmartCrusherConfig as SmartCrusherConfig
    from ._shared import ContextEntry as ContextEntry
    from ._shared import SharedContext as SharedContext
    from ._shared import SharedContextStats as SharedContextStats
    from ._transforms import CacheAligner as CacheAligner
    from ._transforms import CachePrefixMetrics as CachePrefixMetrics
    from ._transforms import Tokenizer as Tokenizer
    from ._transforms import TransformPipeline as TransformPipeline
    from ._transforms import TransformResult as TransformResult
    from ._transforms import densify as densify
    from ._transforms import expand_compacted as expand_compacted
    from ._transforms import is_compacted as is_compacted
    from .relevance import BM25Scorer as BM25Scorer
    from .relevance import EmbeddingScorer as EmbeddingScorer
    from .relevance import HybridScorer as HybridScorer
    from .relevance import RelevanceScore as RelevanceScore
    from .relevance import RelevanceScorer as RelevanceScorer
    from .relevance import create_scorer as create_scorer
    from .relevance import embedding_available as embedding_available

# Where each name is found. A name costs its import when it is first used, so that `import headroom` costs nothing.
_HOMES = {
    "_api": (
        "compress",
        "compress_spreadsheet",
        "compress_text",
        "count_tokens",
        "count_tokens_messages",
        "count_tokens_text",
        "retrieve",
        "simulate",
    ),
    "_client": (
        "HeadroomClient",
        "HeadroomConfig",
        "HeadroomMode",
    ),
    "_clients": (
        "ClientSavings",
        "savings_of",
        "withHeadroom",
        "with_headroom",
    ),
    "_config": ("CompressConfig",),
    "_crusher": (
        "CrushResult",
        "SmartCrusher",
    ),
    "_engine": ("Engine",),
    "_errors": (
        "CacheError",
        "CompressionError",
        "ConfigurationError",
        "HeadroomError",
        "HeadroomWarning",
        "NotFoundError",
        "ProviderError",
        "StorageError",
        "TokenizationError",
        "TransformError",
        "ValidationError",
    ),
    "_hooks": (
        "CANONICAL_PIPELINE_STAGES",
        "CompressContext",
        "CompressEvent",
        "CompressionHooks",
        "PipelineEvent",
        "PipelineStage",
    ),
    "_metrics": ("RequestMetrics",),
    "_native": ("__version__",),
    "_providers": (
        "AnthropicProvider",
        "GoogleProvider",
        "OpenAIProvider",
        "Provider",
        "TokenCounter",
    ),
    "_proxy": ("HeadroomProxy",),
    "_result": (
        "BlockReport",
        "CompressResult",
        "CompressedBody",
        "CompressedText",
        "Drift",
        "Rewrite",
        "SimulationResult",
    ),
    "_settings": (
        "CacheAlignerConfig",
        "CacheOptimizerConfig",
        "RelevanceScorerConfig",
        "SmartCrusherConfig",
    ),
    "_shared": (
        "ContextEntry",
        "SharedContext",
        "SharedContextStats",
    ),
    "_transforms": (
        "CacheAligner",
        "CachePrefixMetrics",
        "Tokenizer",
        "TransformPipeline",
        "TransformResult",
        "densify",
        "expand_compacted",
        "is_compacted",
    ),
    "relevance": (
        "BM25Scorer",
        "EmbeddingScorer",
        "HybridScorer",
        "RelevanceScore",
        "RelevanceScorer",
        "create_scorer",
        "embedding_available",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AnthropicProvider",
    "BM25Scorer",
    "BlockReport",
    "CANONICAL_PIPELINE_STAGES",
    "CacheAligner",
    "CacheAlignerConfig",
    "CacheError",
    "CacheOptimizerConfig",
    "CachePrefixMetrics",
    "ClientSavings",
    "CompressConfig",
    "CompressContext",
    "CompressEvent",
    "CompressResult",
    "CompressedBody",
    "CompressedText",
    "CompressionError",
    "CompressionHooks",
    "ConfigurationError",
    "ContextEntry",
    "CrushResult",
    "Drift",
    "EmbeddingScorer",
    "Engine",
    "GoogleProvider",
    "HeadroomClient",
    "HeadroomConfig",
    "HeadroomError",
    "HeadroomMode",
    "HeadroomProxy",
    "HeadroomWarning",
    "HybridScorer",
    "NotFoundError",
    "OpenAIProvider",
    "PipelineEvent",
    "PipelineStage",
    "Provider",
    "ProviderError",
    "RelevanceScore",
    "RelevanceScorer",
    "RelevanceScorerConfig",
    "RequestMetrics",
    "Rewrite",
    "SharedContext",
    "SharedContextStats",
    "SimulationResult",
    "SmartCrusher",
    "SmartCrusherConfig",
    "StorageError",
    "TokenCounter",
    "TokenizationError",
    "Tokenizer",
    "TransformError",
    "TransformPipeline",
    "TransformResult",
    "ValidationError",
    "__version__",
    "compress",
    "compress_spreadsheet",
    "compress_text",
    "count_tokens",
    "count_tokens_messages",
    "count_tokens_text",
    "create_scorer",
    "densify",
    "embedding_available",
    "expand_compacted",
    "is_compacted",
    "retrieve",
    "savings_of",
    "simulate",
    "withHeadroom",
    "with_headroom",
]


if not TYPE_CHECKING:  # they know the names from above, and are to complain about others

    def __getattr__(name):
        from importlib import import_module

        home = _HOME_OF.get(name)
        if home is None:
            if not name.startswith("_"):
                import_module("._absent", __name__).refuse("headroom", name)
            raise AttributeError(f"module 'headroom' has no attribute {name!r}")

        value = getattr(import_module(f".{home}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
