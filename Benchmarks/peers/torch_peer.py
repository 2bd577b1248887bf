#!/usr/bin/env python3
"""The networks in PyTorch, timed as `bvp bench` times ours.

    torch_peer.py train|infer --model algebraformer|compact|lstm|gru \
        --precision f32|bf16 --batch 64 --threads 2 [--optimizer adamw|muon] [--compile]

Prints one line of JSON: the best of --repeats steps after two warm-up steps.
bf16 is autocast, as PyTorch users have it; training ends in fused AdamW, or in Muon,
whose matrices of a shape are one batch.
"""
import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional as F

SHAPES = {"algebraformer": (256, 12, 8), "compact": (128, 6, 4)}
CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}
N = 64


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).chunk(3, dim=-1)
        split = (batch, tokens, self.heads, width // self.heads)
        q, k, v = (y.view(split).transpose(1, 2) for y in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v)
        x = x + self.output(y.transpose(1, 2).reshape(batch, tokens, width))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Algebraformer(nn.Module):
    def __init__(self, width, depth, heads):
        super().__init__()
        self.embed = nn.Linear(N + 1, width)
        self.position = nn.Parameter(0.02 * torch.randn(N, width))
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.decode = nn.Linear(width, 1)

    def forward(self, tokens):
        x = self.blocks(self.embed(tokens) + self.position)
        return self.decode(self.norm(x)).squeeze(-1)


class Recurrent(nn.Module):
    def __init__(self, cell, hidden=384, depth=4):
        super().__init__()
        self.rnn = cell(N + 1, hidden, depth, bidirectional=True,
                        batch_first=True)
        self.decode = nn.Linear(2 * hidden, 1)

    def forward(self, tokens):
        return self.decode(self.rnn(tokens)[0]).squeeze(-1)


def orthogonalized(X):
    """Five Newton-Schulz iterations of a stack of matrices that are not tall."""
    a, b, c = 3.4445, -4.7750, 2.0315
    X = X / (torch.linalg.matrix_norm(X, keepdim=True) + 1e-7)
    for _ in range(5):
        A = X @ X.mT
        X = torch.baddbmm(X, torch.baddbmm(A, A, A, beta=b, alpha=c), X, beta=a)
    return X


class Muon:
    """Muon for the blocks' matrices, fused AdamW for all else."""

    def __init__(self, model, precision, compiled, lr=1e-4, momentum=0.95):
        self.lr, self.momentum = lr, momentum
        self.dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        self.orthogonalized = (
            torch.compile(orthogonalized) if compiled else orthogonalized)
        blocks = [p for name, p in model.named_parameters()
                  if p.ndim == 2 and name.startswith(("blocks", "rnn"))]
        own = set(map(id, blocks))
        self.rest = torch.optim.AdamW(
            [p for p in model.parameters() if id(p) not in own],
            lr=lr, betas=(0.9, 0.95), fused=True)
        # Queries, keys and values, and the gates, are matrices of their own.
        shapes = {}
        for p in blocks:
            rows, columns = p.shape
            stacked = {"qkv": 3}.get(self.part(model, p), 1)
            stacked *= {nn.LSTM: 4, nn.GRU: 3}.get(
                type(getattr(model, "rnn", None)), 1)
            shapes.setdefault((stacked, rows // stacked, columns), []).append(p)
        self.groups = [(shape, group, [torch.zeros_like(p) for p in group])
                       for shape, group in shapes.items()]

    @staticmethod
    def part(model, parameter):
        return next(name for name, p in model.named_parameters()
                    if p is parameter).split(".")[-2]

    def zero_grad(self):
        self.rest.zero_grad()
        for _, group, _ in self.groups:
            for p in group:
                p.grad = None

    @torch.no_grad()
    def step(self):
        self.rest.step()
        for (stacked, rows, columns), group, moments in self.groups:
            gradients = [p.grad for p in group]
            torch._foreach_mul_(moments, self.momentum)
            torch._foreach_add_(moments, gradients)
            torch._foreach_add_(gradients, moments, alpha=self.momentum)
            X = torch.stack(gradients).view(-1, rows, columns).to(self.dtype)
            X = self.orthogonalized(X.mT if rows > columns else X)
            X = (X.mT if rows > columns else X).reshape(len(group), -1, columns)
            torch._foreach_add_(group, list(X.float().unbind()),
                                alpha=-self.lr * 0.2 * max(rows, columns) ** 0.5)


def build(name):
    if name in CELLS:
        return Recurrent(CELLS[name])
    return Algebraformer(*SHAPES[name])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=["train", "infer"])
    parser.add_argument("--model", choices=[*SHAPES, *CELLS], default="compact")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=6)
    parser.add_argument("--optimizer", choices=["adamw", "muon"], default="adamw")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = build(options.model)
    run = torch.compile(model) if options.compile else model
    tokens = torch.randn(options.batch, N, N + 1)
    targets = torch.randn(options.batch, N)
    cast = torch.autocast(
        "cpu", dtype=torch.bfloat16, enabled=options.precision == "bf16")

    if options.job == "train":
        if options.optimizer == "muon":
            optimizer = Muon(model, options.precision, options.compile)
        else:
            optimizer = torch.optim.AdamW(
                model.parameters(), lr=1e-4, betas=(0.9, 0.95), fused=True)

        def step():
            with cast:
                loss = F.mse_loss(run(tokens).float(), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    else:
        model.eval()

        def step():
            with torch.inference_mode(), cast:
                run(tokens)

    best = float("inf")
    for index in range(options.repeats + 2):
        began = time.perf_counter()
        step()
        if index >= 2:
            best = min(best, time.perf_counter() - began)
    print(json.dumps({
        "peer": f"torch {torch.__version__}", "job": options.job,
        "model": options.model,
        "optimizer": options.optimizer if options.job == "train" else None,
        "precision": options.precision,
        "compiled": options.compile, "batch": options.batch,
        "threads": options.threads, "milliseconds_per_step": 1e3 * best,
        "samples_per_second": options.batch / best}))


main()
