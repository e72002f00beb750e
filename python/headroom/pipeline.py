"""The steps that hooks are told, by the module's name that scripts know."""

from ._hooks import CANONICAL_PIPELINE_STAGES, PipelineEvent, PipelineStage

__all__ = [
    "CANONICAL_PIPELINE_STAGES",
    "PipelineEvent",
    "PipelineStage",
]
