"""Steps and compressors, by the module's name that scripts know."""

from typing import TYPE_CHECKING

from ._absent import advice_for
from ._compressors import (
    CodeAwareCompressor,
    CodeCompressionResult,
    CodeCompressorConfig,
    CompressionStrategy,
    ContentRouter,
    ContentRouterConfig,
    ContentType,
    DetectionResult,
    DiffCompressionResult,
    DiffCompressor,
    DiffCompressorConfig,
    DocstringMode,
    LogCompressionResult,
    LogCompressor,
    LogCompressorConfig,
    RouterCompressionResult,
    SearchCompressionResult,
    SearchCompressor,
    SearchCompressorConfig,
    TextCompressor,
    detect_content_type,
    is_tree_sitter_available,
    unload_tree_sitter,
)
from ._crusher import CrushResult, SmartCrusher
from ._settings import CacheAlignerConfig, SmartCrusherConfig
from ._transforms import CacheAligner, Transform, TransformPipeline, TransformResult

__all__ = [
    "CacheAligner",
    "CacheAlignerConfig",
    "CodeAwareCompressor",
    "CodeCompressionResult",
    "CodeCompressorConfig",
    "CompressionStrategy",
    "ContentRouter",
    "ContentRouterConfig",
    "ContentType",
    "CrushResult",
    "DetectionResult",
    "DiffCompressionResult",
    "DiffCompressor",
    "DiffCompressorConfig",
    "DocstringMode",
    "LogCompressionResult",
    "LogCompressor",
    "LogCompressorConfig",
    "RouterCompressionResult",
    "SearchCompressionResult",
    "SearchCompressor",
    "SearchCompressorConfig",
    "SmartCrusher",
    "SmartCrusherConfig",
    "TextCompressor",
    "Transform",
    "TransformPipeline",
    "TransformResult",
    "detect_content_type",
    "is_tree_sitter_available",
    "unload_tree_sitter",
]

if not TYPE_CHECKING:  # which is to complain about names that are not there
    __getattr__ = advice_for(__name__)
