"""Checkpoints: read into PyTorch modules, written from them, and used."""
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn

from .dataset import Dataset
from .encodings import read_encoding
from .files import CHECKPOINT, FileError, Metadata, open_tensors, replacing
from .networks import Algebraformer, Greens, Network, Recurrent

ENCODINGS = {
    "algebraformer": ("equilibrated", "raw"), "lstm": ("equilibrated", "raw"),
    "gru": ("equilibrated", "raw"), "polya": ("factors", "estimates"),
    "greens": ("coefficients",),
}
# Notes that speak of the weights as they were.
MEASURED = ("conformal_band", "samples_seen", "step")

Path = str | os.PathLike[str]
Array = NDArray[Any]


def load(path: Path) -> Network:
    """Reads a checkpoint into a module that maps A [batch, n, n] and b [batch, n] to
    the solution [batch, n].

    Raises ``FileError`` if the file is missing, damaged, no checkpoint, or of a network
    that solves no linear systems.
    """
    handle, metadata = open_tensors(path, CHECKPOINT, framework="pt")
    model = metadata.choice("model", list(ENCODINGS))
    n = metadata.integer("n", 1, 65_536)
    encoding, kind = read_encoding(metadata, n)
    stored = metadata.integer("features", 1, 131_077)
    if kind not in ENCODINGS[model] or encoding.features != stored:
        raise FileError(
            metadata.path,
            f"'features' is {stored} and 'model' '{model}', which do not go with the "
            f"encoding '{kind}'")
    # Shapes are compared before any memory is taken for them.
    with torch.device("meta"):
        body = _body(metadata, model, n, encoding.features)
    tensors = _tensors(handle, metadata.path, body)
    body = body.to_empty(device="cpu")
    body.load_state_dict(tensors)
    return Network(model, n, body, encoding, metadata.values, metadata.path)


def _tensors(handle: Any, path: str, body: nn.Module) -> dict[str, Tensor]:
    """The body's tensors of a file that must have just these."""
    expected = {name: list(t.shape) for name, t in body.state_dict().items()}
    for name in sorted(set(handle.keys()) ^ expected.keys()):
        verb = "is missing" if name in expected else "belongs to no such network"
        raise FileError(path, f"tensor '{name}' {verb}")
    tensors: dict[str, Tensor] = {}
    for name, shape in expected.items():
        own = handle.get_slice(name).get_shape()
        if own != shape:
            raise FileError(
                path, f"tensor '{name}' has shape {own}, expected {shape}")
        tensors[name] = handle.get_tensor(name).float()
        if not tensors[name].isfinite().all():
            raise FileError(path, f"tensor '{name}' has entries that are not finite")
    return tensors


def _body(metadata: Metadata, model: str, n: int, features: int) -> nn.Module:
    width = metadata.integer("width", 1, 65_536)
    depth = metadata.integer("depth", 1, 1024)
    if model in ("lstm", "gru"):
        return Recurrent(model, features, width, depth)
    heads = metadata.integer("heads", 1, 4096)
    causal = metadata.flag("causal")
    if width % heads:
        raise FileError(
            metadata.path,
            f"the width {width} is not divisible by the number of heads {heads}")
    shape = (n, features, width, depth, heads, causal)
    if model == "greens":
        return Greens(*shape, rank=metadata.integer("rank", 1, 64))
    return Algebraformer(*shape, fields=3 if model == "polya" else 1)


def save(
    network: Network, path: Path, trained_on: Iterable[Dataset] = (),
    notes: Mapping[str, str] | None = None,
) -> None:
    """Writes a checkpoint, which replaces a file at ``path`` in one stroke.

    Metadata are those of the checkpoint that the network was loaded from. If its
    weights have changed since, what was measured of the old ones is left out: all
    ``test_...``, ``conformal_band``, ``samples_seen`` and ``step``. Pass the datasets
    that it was trained on: ``bvp evaluate`` will refuse to test it on their samples.
    ``notes`` are further metadata, or others in place of those.

    Raises ``ValueError`` if a weight is not finite, or if the checkpoint says in its
    recipe alone what it was trained on, so that nothing can be added to it.
    """
    path = os.fspath(path)
    tensors = {
        name: tensor.detach().float().cpu().contiguous()
        for name, tensor in network.body.state_dict().items()
    }
    for name, tensor in tensors.items():
        if not tensor.isfinite().all():
            raise ValueError(f"{path}: tensor '{name}' has entries that are not finite")
    metadata = _metadata(network, list(trained_on)) | dict(notes or {})
    with replacing(path) as temporary:
        save_file(tensors, temporary, metadata)


def _metadata(network: Network, learned: list[Dataset]) -> dict[str, str]:
    """Those that were loaded, as far as they still hold, and what has been learned."""
    metadata = dict(network.metadata)
    if network.digest() != network.loaded_digest:
        metadata = {
            key: value for key, value in metadata.items()
            if key not in MEASURED and not key.startswith("test_")
        }
    if learned:
        if "trained_on" not in metadata and "recipe" in metadata:
            raise ValueError(
                f"{network.path}: says in its recipe alone what it was trained on; "
                "give notes={'trained_on': ...}, those samples and the new ones")
        origins = json.loads(metadata.get("trained_on", "[]"))
        origins += [dataset.origin for dataset in learned]
        metadata["trained_on"] = json.dumps(origins, ensure_ascii=False)
        names = [metadata.get("data", ""), *(dataset.identity for dataset in learned)]
        metadata["data"] = "; ".join(filter(None, names))
    return metadata


def _network(network: Network | Path) -> Network:
    return network if isinstance(network, Network) else load(network)


def encode(A: Array, b: Array, network: Network | Path) -> NDArray[np.float32]:
    """The tokens that a network sees of systems.

    A is [batch, n, n] and b [batch, n], or [n, n] and [n] for one system; ``network``
    is a checkpoint's path or its module. Returned is [batch, tokens, features], or
    [tokens, features]; features are n + 1 for ``algebraformer``, ``lstm`` and ``gru``,
    2 n + 5 for ``greens``, 3 or 19 for ``polya``.
    """
    module = _network(network)
    return _apply(module, module.encode, A, b).astype(np.float32)


def solve(A: Array, b: Array, network: Network | Path) -> NDArray[np.float64]:
    """A network's solutions of systems, in the unit of u.

    A is [batch, n, n], row-major, and b [batch, n], or [n, n] and [n] for one system;
    ``network`` is a checkpoint's path or its module. Returned is float64 of b's
    shape. With c > 0, c b gives c times the solution wherever the network is
    homogeneous, of ``greens`` and ``polya`` always.
    """
    module = _network(network)
    return _apply(module, module, A, b)


def _apply(network: Network, function: Any, A: Array, b: Array) -> Array:
    """Applies a function of batches of systems to one system or any batch."""
    A, b = (np.asarray(values, np.float64, order="C") for values in (A, b))
    is_one = A.ndim == 2 and b.ndim == 1
    if is_one:
        A, b = A[None], b[None]
    device = next(network.parameters()).device
    tensors = [torch.as_tensor(values, device=device) for values in (A, b)]
    size = 64
    starts = range(0, max(len(A), 1), size) if A.ndim and b.ndim else (0,)
    with torch.no_grad():
        parts = [
            function(*(t[first:first + size] if t.ndim else t for t in tensors))
            for first in starts]
    result = torch.cat(parts).cpu().numpy()
    return result[0] if is_one else result
