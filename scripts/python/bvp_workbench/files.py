"""Safetensors files of the workbench, opened with errors that name the file."""
import math
import os
from typing import Any

from safetensors import SafetensorError, safe_open

NOUNS = {"bvp-dataset/1": "a dataset", "bvp-checkpoint/1": "a checkpoint"}


class FileError(ValueError):
    """A file that cannot be used; the message names it and says why."""

    def __init__(self, path: str, reason: str):
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Metadata:
    """The metadata of a file, read by type; every error names file and key."""

    def __init__(self, path: str, values: dict[str, str]):
        self.path = path
        self.values = values

    def text(self, key: str) -> str:
        if key not in self.values:
            raise FileError(self.path, f"metadata have no '{key}'")
        return self.values[key]

    def choice(self, key: str, known: list[str]) -> str:
        value = self.text(key)
        if value not in known:
            raise FileError(
                self.path,
                f"unknown {key} '{value}'; known are {', '.join(known)}")
        return value

    def integer(self, key: str, low: int, high: int) -> int:
        value = self.text(key)
        if not value.isascii() or not value.removeprefix("-").isdecimal():
            raise FileError(
                self.path, f"'{key}' is '{value}', expected a whole number")
        if not low <= int(value) <= high:
            raise FileError(
                self.path,
                f"'{key}' is {value}, must lie between {low} and {high}")
        return int(value)

    def gains(self, key: str, count: int) -> list[float]:
        """``count`` positive numbers, separated by commas."""
        try:
            values = [float(part) for part in self.text(key).split(",")]
        except ValueError:
            values = []
        if len(values) != count or not all(
            0 < value < math.inf for value in values
        ):
            raise FileError(
                self.path,
                f"'{key}' is '{self.text(key)}', expected {count} positive "
                + ("number" if count == 1 else "numbers"))
        return values

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false if it is missing."""
        value = self.values.get(key, "false")
        if value not in ("true", "false"):
            raise FileError(
                self.path, f"'{key}' is '{value}', expected true or false")
        return value == "true"


def open_tensors(
    path: str | os.PathLike[str], kind: str, framework: str = "np"
) -> tuple[Any, Metadata]:
    """Maps a file of the format ``kind`` into memory.

    Returns safetensors' handle, which reads tensors when they are asked for, and
    the metadata. Raises ``FileError`` if it is missing, damaged or of another
    format.
    """
    path = os.fspath(path)
    if not os.path.isfile(path):
        exists = os.path.exists(path)
        raise FileError(path, "is no file" if exists else "there is no such file")
    try:
        handle = safe_open(path, framework=framework)
    except (OSError, SafetensorError) as error:
        raise FileError(path, f"is damaged or no safetensors file ({error})") from None
    metadata = Metadata(path, handle.metadata() or {})
    found = metadata.values.get("format")
    if found != kind:
        raise FileError(
            path, f"is not {NOUNS[kind]}: 'format' is {found!r}, expected '{kind}'")
    return handle, metadata
