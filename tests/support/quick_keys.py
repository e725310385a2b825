"""Systems whose own keys are quick to make and to import: only the first algorithm of their kind, no RSA."""

from contextlib import AbstractContextManager
from dataclasses import replace
from unittest.mock import patch

from poreka.kinds import Kind, KindName, kind_of


def quick_keys() -> AbstractContextManager[object]:
    """What is built inside has no RSA keys."""

    def of(name: KindName) -> Kind:
        kind = kind_of(name)
        return replace(kind, algorithms=kind.algorithms[:1])

    return patch("poreka.running.running.kind_of", of)
