#!/usr/bin/env python3
"""Golden values of the networks, from PyTorch in float64.

    python3 -m venv venv && venv/bin/pip install torch numpy safetensors
    venv/bin/python make_golden.py

Writes one file per network beside this script: `weights.*`, `tokens`,
`targets`, `outputs`, `loss`, of greens `rhs` too, `gradients.*`, and the weights after ten steps of
AdamW (`adamw.*`) and of Muon (`muon.*`) on that one batch, all rounded to
float32 at the very end.
"""
import math, os
import numpy as np
import torch, torch.nn as nn, torch.nn.functional as F
from safetensors.torch import save_file

torch.set_default_dtype(torch.float64)
STEPS, LR, DECAY, CLIP = 10, 3e-3, 0.1, 0.5


class Block(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.ModuleDict({"qkv": nn.Linear(width, 3 * width), "output": nn.Linear(width, width)})
        self.mlp = nn.ModuleDict({"up": nn.Linear(width, 4 * width), "down": nn.Linear(4 * width, width)})

    def forward(self, x):
        b, t, d = x.shape
        heads = self.attention["qkv"](self.norm1(x)).view(b, t, 3, self.heads, d // self.heads)
        q, k, v = heads.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        x = x + self.attention["output"](y.transpose(1, 2).reshape(b, t, d))
        return x + self.mlp["down"](F.gelu(self.mlp["up"](self.norm2(x))))


class Algebraformer(nn.Module):
    def __init__(self, n, width, depth, heads, causal, features=None, fields=1):
        super().__init__()
        self.embed = nn.Linear(features or n + 1, width)
        self.position = nn.Parameter(0.3 * torch.randn(n, width))
        self.blocks = nn.ModuleList(Block(width, heads, causal) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.decode = nn.Linear(width, fields)

    def forward(self, tokens):
        x = self.embed(tokens) + self.position
        for block in self.blocks:
            x = block(x)
        # One number a token, or some fields, each with all its tokens.
        return self.decode(self.norm(x)).transpose(1, 2).flatten(1)


def integrals(n):
    """The integrals of the polynomial through values at the inner Chebyshev nodes
    of [-1, 1], from right to left: from the left end to each node, and from there
    to the right end. The ends' columns are ones, each on its own side."""
    from numpy.polynomial import chebyshev as C

    x = np.cos(np.pi * np.arange(n) / (n - 1))
    left, right = np.zeros((n, n)), np.zeros((n, n))
    for j in range(1, n - 1):
        c = C.chebfit(x[1:-1], np.eye(n)[j, 1:-1], n - 3)
        c = C.chebint(c)
        left[:, j] = C.chebval(x, c) - C.chebval(-1, c)
        right[:, j] = C.chebval(1, c) - C.chebval(x, c)
    left[:, -1] = 1
    right[:, 0] = 1
    return torch.tensor(np.stack([left, right]))


class Greens(Algebraformer):
    """G = sum over two masks of M * (P Q'), flattened."""

    def __init__(self, n, width, depth, heads, rank):
        super().__init__(n, width, depth, heads, False, 5 + 2 * n, 4 * rank)
        self.masks, self.rank = integrals(n), rank

    def forward(self, tokens):
        n = tokens.shape[1]
        p, q = super().forward(tokens).view(-1, 2, 2, self.rank, n).unbind(2)
        return torch.einsum("mij,bmri,bmrj->bij", self.masks, p, q).flatten(1)


class Recurrent(nn.Module):
    def __init__(self, cell, n, hidden, depth):
        super().__init__()
        self.rnn = getattr(nn, cell)(n + 1, hidden, depth, bidirectional=True, batch_first=True)
        self.decode = nn.Linear(2 * hidden, 1)

    def forward(self, tokens):
        return self.decode(self.rnn(tokens)[0]).squeeze(-1)


def matrices(model):
    """The matrices of blocks and recurrent layers, and how many are stacked in each."""
    gates = {nn.LSTM: 4, nn.GRU: 3}.get(type(getattr(model, "rnn", None)), 1)
    return {k: gates if k.startswith("rnn.") else 3 if k.endswith("qkv.weight") else 1
            for k, p in model.named_parameters() if k.startswith(("blocks.", "rnn.")) and p.dim() == 2}


def orthogonalised(m):
    """Five Newton-Schulz steps with Jordan's coefficients."""
    transpose = m.shape[0] > m.shape[1]
    x = m.T if transpose else m
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if transpose else x


class Muon:
    """Nesterov momentum 0.95, orthogonalised, scaled by 0.2 sqrt(max(rows, cols)), on the matrices of blocks and
    recurrent layers (those stacked in one tensor are orthogonalised one by one); AdamW on everything else."""

    def __init__(self, model):
        self.stacked = matrices(model)
        self.matrices = {k: p for k, p in model.named_parameters() if k in self.stacked}
        self.momentum = {k: torch.zeros_like(p) for k, p in self.matrices.items()}
        rest = [p for k, p in model.named_parameters() if k not in self.stacked]
        self.adamw = torch.optim.AdamW(rest, lr=LR, betas=(0.9, 0.95), eps=1e-8, weight_decay=0)

    @torch.no_grad()
    def step(self):
        self.adamw.step()
        for k, p in self.matrices.items():
            self.momentum[k].mul_(0.95).add_(p.grad)
            update = p.grad + 0.95 * self.momentum[k]
            parts = update.chunk(self.stacked[k])
            update = torch.cat([orthogonalised(u) * 0.2 * math.sqrt(max(u.shape)) for u in parts])
            p.mul_(1 - LR * DECAY).sub_(LR * update)


def adamw(model):
    chosen = matrices(model)
    decayed = [p for k, p in model.named_parameters() if k in chosen]
    names = {id(p) for p in decayed}
    rest = [p for p in model.parameters() if id(p) not in names]
    groups = [{"params": decayed, "weight_decay": DECAY}, {"params": rest, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=LR, betas=(0.9, 0.95), eps=1e-8)


def write(name, model, n, batch, shape):
    for key, p in model.named_parameters():
        p.data = p.data + 0.05 * torch.randn_like(p)
        p.data = p.data.float().double()
    start = {k: v.clone() for k, v in model.state_dict().items()}
    features = model.embed.in_features if hasattr(model, "embed") else n + 1
    tokens = torch.randn(batch, n, features).float().double()
    rhs = shape.get("rhs", 0)
    count = rhs * n if rhs else n * model.decode.out_features
    targets = torch.randn(batch, count).float().double()
    b = torch.randn(batch, rhs, n).float().double()

    def error(outputs):
        if rhs:
            outputs = torch.einsum("bij,bsj->bsi", outputs.view(batch, n, n), b).flatten(1)
        return F.mse_loss(outputs, targets)

    out = {f"weights.{k}": v for k, v in start.items()}
    outputs = model(tokens)
    loss = error(outputs)
    loss.backward()
    out |= {f"gradients.{k}": p.grad.clone() for k, p in model.named_parameters()}
    out |= {"tokens": tokens, "targets": targets, "outputs": outputs.detach(), "loss": loss.detach().reshape(1)}
    if rhs:
        out["rhs"] = b
    for label, make in (("adamw", adamw), ("muon", Muon)):
        model.load_state_dict(start)
        optimiser = make(model)
        for _ in range(STEPS):
            model.zero_grad()
            error(model(tokens)).backward()
            nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimiser.step()
        out |= {f"{label}.{k}": v.clone() for k, v in model.state_dict().items()}
    metadata = {"n": n, "lr": LR, "weight_decay": DECAY, "clip": CLIP} | shape
    metadata = {k: str(v).lower() for k, v in metadata.items()}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".safetensors")
    save_file({k: v.float().contiguous() for k, v in out.items()}, path, metadata)
    print(path, sum(p.numel() for p in model.parameters()), loss.item())


def algebraformer(name, n, width, depth, heads, causal, batch, seed):
    torch.manual_seed(seed)
    write(name, Algebraformer(n, width, depth, heads, causal), n, batch,
          {"model": "algebraformer", "width": width, "depth": depth, "heads": heads, "causal": causal})


def polya(name, n, width, depth, heads, batch, seed):
    torch.manual_seed(seed)
    write(name, Algebraformer(n, width, depth, heads, False, features=3, fields=3), n, batch,
          {"model": "polya", "width": width, "depth": depth, "heads": heads})


def greens(name, n, width, depth, heads, rank, rhs, batch, seed):
    torch.manual_seed(seed)
    write(name, Greens(n, width, depth, heads, rank), n, batch,
          {"model": "greens", "width": width, "depth": depth, "heads": heads, "rank": rank, "rhs": rhs})


def recurrent(name, n, width, depth, batch, seed):
    torch.manual_seed(seed)
    write(name, Recurrent(name.upper(), n, width, depth), n, batch, {"model": name, "width": width, "depth": depth})


algebraformer("bidirectional", n=10, width=24, depth=2, heads=3, causal=False, batch=5, seed=1)
algebraformer("causal", n=8, width=16, depth=1, heads=2, causal=True, batch=3, seed=2)
recurrent("lstm", n=9, width=20, depth=3, batch=5, seed=3)
polya("polya", n=10, width=24, depth=2, heads=3, batch=5, seed=5)
recurrent("gru", n=9, width=20, depth=3, batch=5, seed=4)
greens("greens", n=10, width=24, depth=2, heads=3, rank=2, rhs=3, batch=5, seed=6)
