"""The networks as PyTorch modules; parameters are named as checkpoints' tensors."""
import hashlib

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .encodings import Encoding
from .polya import factorization


class Attention(nn.Module):
    """Attention with queries, keys and values stacked; [batch, tokens, width]."""

    def __init__(self, width: int, heads: int, causal: bool):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.qkv = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        parts = self.qkv(x).unflatten(2, (3, self.heads, -1))
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.output(y.transpose(1, 2).flatten(2))


class MLP(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.gelu(self.up(x)))


class Block(nn.Module):
    def __init__(self, width: int, heads: int, causal: bool):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads, causal)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = MLP(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Algebraformer(nn.Module):
    """A Transformer: tokens [batch, n, features] to [batch, fields * n]."""

    def __init__(
        self, n: int, features: int, width: int, depth: int, heads: int,
        causal: bool, fields: int = 1,
    ):
        super().__init__()
        self.embed = nn.Linear(features, width)
        self.position = nn.Parameter(0.02 * torch.randn(n, width))
        self.blocks = nn.ModuleList(
            Block(width, heads, causal) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.decode = nn.Linear(width, fields)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens) + self.position
        for block in self.blocks:
            x = block(x)
        return self.decode(self.norm(x)).mT.flatten(1)


class Greens(Algebraformer):
    """A Transformer that says a matrix, [batch, n * n]: sums of products of functions
    on either side of its diagonal."""

    def __init__(
        self, n: int, features: int, width: int, depth: int, heads: int,
        causal: bool, rank: int,
    ):
        super().__init__(n, features, width, depth, heads, causal, 4 * rank)
        self.n, self.rank = n, rank

    def forward(self, tokens: Tensor) -> Tensor:
        factors = super().forward(tokens).unflatten(1, (2, 2, self.rank, self.n))
        p, q = factors.unbind(2)
        masks = factorization(self.n, tokens.device).masks.to(p.dtype)
        return (masks * (p.mT @ q)).sum(1).flatten(1)


class Recurrent(nn.Module):
    """A bidirectional LSTM or GRU: tokens [batch, n, features] to [batch, n]."""

    def __init__(self, cell: str, features: int, width: int, depth: int):
        super().__init__()
        kind = {"lstm": nn.LSTM, "gru": nn.GRU}[cell]
        self.rnn = kind(
            features, width, depth, batch_first=True, bidirectional=True)
        self.decode = nn.Linear(2 * width, 1)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.decode(self.rnn(tokens)[0])[..., 0]


class Network(nn.Module):
    """A network of a checkpoint with its encoding: ``network(A, b)`` is the solution.

    A is [batch, n, n], row-major, and b [batch, n], of any floating dtype; the
    solution is [batch, n], of b's dtype, and may be differentiated with respect to the
    parameters. Encoding and decoding are float64, ``body``, which maps tokens to
    outputs, is float32 unless it is converted.

    Attributes: ``model`` (its name), ``n`` (tokens), ``body``, ``encoding``,
    ``metadata`` (of the checkpoint, a dict of strings) and ``path``.
    """

    def __init__(
        self, model: str, n: int, body: nn.Module, encoding: Encoding,
        metadata: dict[str, str], path: str,
    ):
        super().__init__()
        self.model, self.n = model, n
        self.body = body
        self.encoding = encoding
        self.metadata = metadata
        self.path = path
        self.loaded_digest = self.digest()

    def digest(self) -> str:
        """Tells weights apart."""
        digest = hashlib.sha256()
        for tensor in self.body.state_dict().values():
            digest.update(tensor.float().cpu().contiguous().numpy().data)
        return digest.hexdigest()

    def forward(self, A: Tensor, b: Tensor) -> Tensor:
        self._check(A, b)
        tokens, context = self.encoding.encode(A.double(), b.double())
        outputs = self.body(tokens.to(next(self.body.parameters()).dtype))
        return self.encoding.decode(outputs.double(), context).to(b.dtype)

    def encode(self, A: Tensor, b: Tensor) -> Tensor:
        """The tokens that the body sees, [batch, tokens, features], float32."""
        self._check(A, b)
        return self.encoding.encode(A.double(), b.double())[0].float()

    def _check(self, A: Tensor, b: Tensor) -> None:
        n = A.shape[-1] if A.ndim else 0
        if A.ndim != 3 or A.shape[1] != n or b.shape != A.shape[:2]:
            raise ValueError(
                f"{self.path}: A is {list(A.shape)} and b {list(b.shape)}, expected "
                "[batch, n, n] and [batch, n]")
        if not self.encoding.accepts(n):
            raise ValueError(
                f"{self.path}: the network solves systems of order {self.n}, not {n}")
        for name, values in (("A", A), ("b", b)):
            if not values.is_floating_point():
                raise ValueError(
                    f"{self.path}: {name} is {values.dtype}, expected floating point")
            if not values.isfinite().all():
                raise ValueError(f"{self.path}: {name} has entries that are not finite")
