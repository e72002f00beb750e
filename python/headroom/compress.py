"""compress(), by the module's name that scripts know. Importing a module puts it in the place of the function of the same name in
the package, so this one can be called as the function."""

import sys
from types import ModuleType
from typing import Any

from ._api import compress as compress
from ._api import compress_spreadsheet as compress_spreadsheet
from ._config import CompressConfig as CompressConfig
from ._result import CompressResult as CompressResult


class _Compress(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> CompressResult:
        return compress(*arguments, **options)


sys.modules[__name__].__class__ = _Compress
