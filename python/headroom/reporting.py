"""Not here; importing it says what to use."""

from ._absent import refuse_module

refuse_module(__name__)
