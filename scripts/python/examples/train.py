#!/usr/bin/env python3
"""Trains a checkpoint further on a dataset, in PyTorch.

    train.py CHECKPOINT DATASET OUTPUT [EPOCHS]

DATASET is a file of bvp generate or bvp import; OUTPUT is a checkpoint that every verb
of bvp takes.
"""
import sys

import torch
from torch.utils.data import DataLoader

from bvp_workbench import Dataset, load, save

checkpoint, path, output, *rest = sys.argv[1:]
epochs = int(rest[0]) if rest else 20
torch.manual_seed(0)
dataset = Dataset(path)
network = load(checkpoint)
loader = DataLoader(dataset, batch_size=32, shuffle=True)
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
    optimizer, epochs * len(loader))
for epoch in range(epochs):
    total = 0.0
    for batch in loader:
        loss = (network(batch["A"], batch["b"]) - batch["u"]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1)
        optimizer.step()
        schedule.step()
        total += len(batch["u"]) * loss.item()
    print(f"epoch {epoch + 1}: mse {total / len(dataset):.3g}")
save(network, output, trained_on=[dataset])
