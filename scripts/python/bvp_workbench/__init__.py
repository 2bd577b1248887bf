"""Datasets and networks of ``bvp`` in Python.

``Dataset`` needs NumPy and safetensors alone; ``load``, ``save``, ``encode`` and
``solve`` need PyTorch, and ``to_hdf5`` h5py, which are imported when one of them is
first asked for.
"""
from importlib import import_module
from typing import Any

from .dataset import Dataset
from .files import FileError

__all__ = ["Dataset", "FileError", "encode", "load", "save", "solve", "to_hdf5"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    needed, module = ("h5py", ".hdf5") if name == "to_hdf5" else (
        "torch", ".checkpoint")
    try:
        import_module(needed)
    except ModuleNotFoundError:
        raise ImportError(
            f"bvp_workbench.{name} needs {needed}: pip install {needed}") from None
    return getattr(import_module(module, __name__), name)
