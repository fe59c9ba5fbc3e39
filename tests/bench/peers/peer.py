#!/usr/bin/python3
"""Trains one workload with PyTorch on one thread and prints the same line as peer.mjs.

    OMP_WAIT_POLICY=PASSIVE python3 peer.py plain|foreach w1 SECONDS
"""
import json, os, sys, time
import torch

engine, name, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
w = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "workloads.json")))[name]
torch.set_num_threads(1)
torch.manual_seed(1)


def optimizer(params):
    if w["optimizer"] == "adam":
        return torch.optim.Adam(params, lr=w["lr"], foreach=engine == "foreach")
    return torch.optim.SGD(params, lr=w["lr"], foreach=engine == "foreach")


def timed(step, units, batches):
    k, warm = 0, time.perf_counter() + min(0.5, seconds / 3)
    while time.perf_counter() < warm:
        step(k % batches)
        k += 1
    n, start = 0, time.perf_counter()
    while time.perf_counter() < start + seconds:
        for _ in range(4):
            step(k % batches)
            k += 1
        n += 4
    return n * units / (time.perf_counter() - start)


if name == "w6":
    theta = torch.full((w["parameters"],), 0.1, requires_grad=True)
    theta.grad = torch.full((w["parameters"],), 0.01)
    adam = optimizer([theta])
    print(json.dumps({"rate": timed(lambda _: adam.step(), w["parameters"], 1), "first": 1, "last": 0}))
    sys.exit()

x = torch.rand(w["points"], w["inputs"]) * 2 - 1
s = x[:, 0] * x[:, 1] + 0.3 * x[:, 0]
if w["outputs"] > 1:
    y = ((x[:, 0] + x[:, 1] + 2) * 2.5).long().clamp(0, 9)
    criterion = torch.nn.CrossEntropyLoss()
else:
    y = torch.where(s > 0, 1.0, -1.0).unsqueeze(1)
    criterion = torch.nn.MSELoss()
acts = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
sizes, layers = [w["inputs"], *w["hidden"], w["outputs"]], []
for l in range(len(sizes) - 1):
    layers.append(torch.nn.Linear(sizes[l], sizes[l + 1]))
    kind = w["activation"] if l + 2 < len(sizes) else w["output"]
    if kind in acts:
        layers.append(acts[kind]())
net = torch.nn.Sequential(*layers)
opt = optimizer(net.parameters())
batches = [(x[b : b + w["batch"]], y[b : b + w["batch"]]) for b in range(0, w["points"] - w["batch"] + 1, w["batch"])]


def step(k):
    a, t = batches[k]
    opt.zero_grad()
    criterion(net(a), t).backward()
    opt.step()


with torch.no_grad():
    first = criterion(net(x), y).item()
rate = timed(step, w["batch"], len(batches))
with torch.no_grad():
    last = criterion(net(x), y).item()
print(json.dumps({"rate": rate, "first": first, "last": last}))
