#!/usr/bin/python3
"""Write reference trajectories for the methods that ../generate.py lacks.

  generate_extra.py [--out DIR]     write the JSON files (default: beside this script)
  generate_extra.py --check [DIR]   re-derive what stands in them by other formulas, print the deviations

Prodigy, Muon, AdaBelief, Signum, the Polyak step size and AutoClip need numpy alone: each is the recurrence of its
paper, named above it. L-BFGS is recorded from torch.optim.LBFGS itself and is skipped when torch is missing. All
arithmetic is float64. Nothing here was taken from, or compared with, the C++ code that is tested against it.
README.md beside this file documents the output.
"""
import argparse
import json
import math
import os
import zlib

import numpy as np

SEED = 20240612
HERE = os.path.dirname(os.path.abspath(__file__))


# ------------------------------------------------------------------ JSON, in the form of the shared files
def num(x):
    if isinstance(x, (bool, np.bool_)):
        return "true" if x else "false"
    if isinstance(x, (int, np.integer)):
        return str(int(x))
    x = float(x)
    if math.isinf(x) or math.isnan(x):
        return '"nan"' if math.isnan(x) else '"inf"' if x > 0 else '"-inf"'
    short = repr(x)
    return short if len(short) <= 10 else "%.17g" % x


def dump(o, ind=0):
    pad = " " * ind
    if o is None:
        return "null"
    if isinstance(o, str):
        return json.dumps(o)
    if isinstance(o, dict):
        rows = ["%s %s: %s" % (pad, json.dumps(k), dump(v, ind + 1)) for k, v in o.items()]
        return "{\n" + ",\n".join(rows) + "\n" + pad + "}"
    if isinstance(o, np.ndarray):
        o = o.tolist()
    if isinstance(o, (list, tuple)):
        if any(isinstance(v, (dict, list, tuple, np.ndarray)) for v in o):
            return "[\n" + ",\n".join("%s %s" % (pad, dump(v, ind + 1)) for v in o) + "\n" + pad + "]"
        return "[" + ",".join(dump(v) for v in o) + "]"
    return num(o)


def write(out, name, kind, cases, torch_version=None):
    head = {"kind": kind, "format": 1, "dtype": "float64", "torch_version": torch_version, "seed": SEED}
    with open(os.path.join(out, name + ".json"), "w") as f:
        f.write(dump({**head, "cases": cases}) + "\n")


def rnd(a, digits=6):
    """Rounded to `digits` significant digits: inputs print short and parse back to the same double."""
    a = np.asarray(a, float)
    return np.array([float("%.*g" % (digits, v)) for v in a.ravel()]).reshape(a.shape)


# ------------------------------------------------------------------ inputs
def rng_for(ident):
    return np.random.default_rng([SEED, zlib.crc32(ident.encode())])


def given_gradients(rng, dim, steps):
    """Gradients that do not depend on x: turning signs, noise, spikes, zeros, one coordinate that is almost always
    zero, one step with no gradient at all."""
    scale = 10.0 ** rng.uniform(-1.5, 0.7, dim)
    phase, freq = rng.uniform(0, 2 * np.pi, dim), rng.uniform(0.05, 0.35, dim)
    g = (np.sin(phase + freq * np.arange(steps)[:, None]) + 0.5 * rng.standard_normal((steps, dim))) * scale
    g *= np.where(rng.random((steps, dim)) < 0.04, rng.uniform(20, 100, (steps, dim)), 1.0)
    g[rng.random((steps, dim)) < 0.1] = 0.0
    rare = int(rng.integers(dim))
    g[:, rare] = np.where(rng.random(steps) < 0.15, g[:, rare], 0.0)
    g[int(rng.integers(5, steps))] = 0.0
    return rnd(g)


class Bowl:
    """0.5 sum_i h_i (x_i - c_i)^2 with noise: what to hand out when a method should see a descent."""

    def __init__(self, rng, dim, noise):
        self.rng, self.noise = rng, noise
        self.h, self.c = 10.0 ** rng.uniform(-1, 1, dim), rng.uniform(-2, 2, dim)

    def __call__(self, x):
        target = self.c + self.noise * self.rng.standard_normal(len(x))
        return rnd(self.h * (x - target)), float(rnd(0.5 * np.sum(self.h * (x - target) ** 2)))


def warmup_cosine(lr, steps, warmup):
    t = np.arange(steps)
    return rnd(lr * np.where(t < warmup, (t + 1) / warmup, 0.5 * (1 + np.cos(np.pi * (t - warmup) / (steps - warmup)))), 8)


# ------------------------------------------------------------------ the methods: state s, x -> next x
def adabelief(h, x, g, lr, s):
    """Zhuang et al. 2020, arXiv:2010.07468, Algorithm 2, and the authors' code with rectify off:
        m = b1 m + (1-b1) g
        s = b2 s + (1-b2) (g-m)^2 + eps          (m already new; eps stays in s)
        x = x (1 - lr wd)
        x = x - lr m/(1-b1^t) / (sqrt(s/(1-b2^t)) + eps)
    """
    b1, b2 = h["betas"]
    s["t"] = s.get("t", 0) + 1
    s["m"] = b1 * s.get("m", np.zeros_like(x)) + (1 - b1) * g
    s["s"] = b2 * s.get("s", np.zeros_like(x)) + (1 - b2) * (g - s["m"]) ** 2 + h["eps"]
    mhat, shat = s["m"] / (1 - b1 ** s["t"]), s["s"] / (1 - b2 ** s["t"])
    return x * (1 - lr * h["weight_decay"]) - lr * mhat / (np.sqrt(shat) + h["eps"])


def signum(h, x, g, lr, s):
    """Bernstein et al. 2018, arXiv:1802.04434, Algorithm 2, with decoupled decay; momentum 0 is signSGD:
        m = beta m + (1-beta) g
        x = x - lr (sign(m) + wd x)              (sign(0) = 0)
    """
    s["m"] = h["momentum"] * s.get("m", np.zeros_like(x)) + (1 - h["momentum"]) * g
    live = np.abs(s["m"][s["m"] != 0])
    assert live.size == 0 or live.min() > 1e-9, "the sign of a rounding error"
    return x - lr * (np.sign(s["m"]) + h["weight_decay"] * x)


def prodigy(h, x, g, lr, s):
    """Mishchenko & Defazio 2023, arXiv:2306.06101, Algorithm 4 (Adam form), as the authors' code has it. d is the old
    estimate, a = d lr (times the bias correction when asked for), x0 the start, all sums start at 0:
        r = b3 r + (d/d0) a <g, x0 - x>
        m = b1 m + (1-b1) d g
        v = b2 v + (1-b2) d^2 g^2
        s = b3 s + (d/d0) a g                    (safeguard_warmup: (d/d0) d g)
        if |s|_1 = 0: nothing more happens, and neither r nor k is kept
        dhat = d_coef r / |s|_1
        if d = d0: d = max(d, dhat)
        dmax = max(dmax, dhat);  d = min(dmax, growth_rate d)
        x = x - wd a x                           (a still with the OLD d)
        x = x - a m / (sqrt(v) + d eps)          (d is the NEW one here)
        k = k + 1
    b3 = sqrt(b2) unless given; bias correction = sqrt(1-b2^(k+1)) / (1-b1^(k+1)).
    """
    b1, b2 = h["betas"]
    b3 = math.sqrt(b2)
    if not s:
        s.update(k=0, d=h["d0"], dmax=h["d0"], r=0.0, x0=x.copy(), m=np.zeros_like(x), v=np.zeros_like(x),
                 s=np.zeros_like(x))
    d, k = s["d"], s["k"]
    a = d * lr
    if h["use_bias_correction"]:
        a *= math.sqrt(1 - b2 ** (k + 1)) / (1 - b1 ** (k + 1))
    r = b3 * s["r"] + d / h["d0"] * a * float(g @ (s["x0"] - x))
    s["m"] = b1 * s["m"] + (1 - b1) * d * g
    s["v"] = b2 * s["v"] + (1 - b2) * d * d * g * g
    s["s"] = b3 * s["s"] + d / h["d0"] * (d if h["safeguard_warmup"] else a) * g
    norm = float(np.abs(s["s"]).sum())
    if norm == 0:
        return x
    dhat = h["d_coef"] * r / norm
    if d == h["d0"]:
        d = max(d, dhat)
    s["dmax"] = max(s["dmax"], dhat)
    d = min(s["dmax"], d * h["growth_rate"])
    s.update(r=r, d=d, k=k + 1)
    x = x - h["weight_decay"] * a * x
    return x - a * s["m"] / (np.sqrt(s["v"]) + d * h["eps"])


def newton_schulz(m, h, floor):
    """Five quintic steps towards the orthogonal factor U V^T of m = U S V^T (Jordan et al. 2024)."""
    a, b, c = h["ns_coefficients"]
    tall = m.shape[0] > m.shape[1]
    z = m.T if tall else m
    norm = np.linalg.norm(z)
    z = z / (norm + h["eps"] if floor == "add" else max(norm, h["eps"]))
    for _ in range(h["ns_steps"]):
        gram = z @ z.T
        z = a * z + (b * gram + c * gram @ gram) @ z
    return z.T if tall else z


def muon(h, x, g, lr, s, floor="add"):
    """Jordan et al. 2024, "Muon: an optimizer for hidden layers", in the form of torch.optim.Muon (adjust_lr_fn
    "original"), for every matrix M [rows, cols] of the parameters, in float64 where torch uses bfloat16:
        B = mu B + (1-mu) G
        Z = (1-mu) G + mu B if nesterov else B
        O = NewtonSchulz(Z)
        M = M (1 - lr wd) - lr sqrt(max(1, rows/cols)) O
    and for every vector AdamW: v (1 - lr wd), then Adam with adam_beta1, adam_beta2, adam_eps.
    """
    s["t"] = s.get("t", 0) + 1
    out, at = [], 0
    for i, shape in enumerate(h["shapes"]):
        n = int(np.prod(shape))
        p, q, at = x[at:at + n].reshape(shape), g[at:at + n].reshape(shape), at + n
        decayed = p * (1 - lr * h["weight_decay"])
        if len(shape) == 2:
            mu = h["momentum"]
            s[i] = mu * s.get(i, np.zeros(shape)) + (1 - mu) * q
            z = (1 - mu) * q + mu * s[i] if h["nesterov"] else s[i]
            p = decayed - lr * math.sqrt(max(1.0, shape[0] / shape[1])) * newton_schulz(z, h, floor)
        else:
            b1, b2 = h["adam_beta1"], h["adam_beta2"]
            m, v = s.get(i, (np.zeros(shape), np.zeros(shape)))
            m, v = b1 * m + (1 - b1) * q, b2 * v + (1 - b2) * q * q
            s[i] = (m, v)
            mhat, vhat = m / (1 - b1 ** s["t"]), v / (1 - b2 ** s["t"])
            p = decayed - lr * mhat / (np.sqrt(vhat) + h["adam_eps"])
        out.append(p.ravel())
    return np.concatenate(out)


def polyak_step(h, g, loss):
    """Polyak 1987; capped: Loizou et al. 2021, arXiv:2002.10542 (SPS_max):
        step = min( max(f - f_star, 0) / (c |g|^2), max_lr ),  0 where g = 0
        x = x - step g
    """
    square = float(g @ g)
    return min(max(loss - h["f_star"], 0.0) / (h["c"] * square), h["max_lr"]) if square > 0 else 0.0


UPDATE = {"AdaBelief": adabelief, "Signum": signum, "Prodigy": prodigy, "Muon": muon}


# ------------------------------------------------------------------ cases
def run(optimizer, ident, hyper, dim, steps=40, schedule=False, bowl=None, shapes=None):
    rng = rng_for(ident)
    x = initial = rnd(rng.standard_normal(dim) * 2.0)
    grads = None if bowl is not None else given_gradients(rng, dim, steps)
    noisy = Bowl(rng, dim, bowl) if bowl is not None else None
    lrs = warmup_cosine(hyper["lr"], steps, 8) if schedule else None
    h = {**hyper, "shapes": shapes} if shapes else hyper
    state, taken, params, extra = {}, [], [], {}
    other = {"x": initial, "state": {}}
    for t in range(steps):
        g = noisy(x)[0] if noisy else grads[t]
        lr = hyper["lr"] if lrs is None else float(lrs[t])
        x = UPDATE[optimizer](h, x, g, lr, state)
        taken.append(g)
        params.append(x)
        if optimizer == "Prodigy":
            extra.setdefault("d", []).append(state["d"])
        if optimizer == "Muon":
            other["x"] = muon(h, other["x"], g, lr, other["state"], floor="clamp")
            extra.setdefault("params_clamp", []).append(other["x"])
    assert np.isfinite(params).all(), ident
    case = {"id": ident, "optimizer": optimizer, "source": "paper", "hyper": hyper, "dim": dim, "steps": steps}
    if shapes:
        case["shapes"] = shapes
    case.update(lrs=lrs, initial=initial, gradients=taken, params=params)
    return {**case, "extra": extra} if extra else case


def adabelief_cases():
    base = {"lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-16, "weight_decay": 0.0}
    return [run("AdaBelief", "adabelief_default", base, 4),
            run("AdaBelief", "adabelief_decay", {**base, "lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-8, "weight_decay": 0.1}, 4),
            run("AdaBelief", "adabelief_schedule", {**base, "lr": 0.05}, 4, schedule=True),
            run("AdaBelief", "adabelief_descent", {**base, "lr": 0.05}, 4, bowl=0.1)]


def signum_cases():
    base = {"lr": 1e-3, "momentum": 0.9, "weight_decay": 0.0}
    return [run("Signum", "signum_default", base, 4),
            run("Signum", "signsgd", {**base, "lr": 0.01, "momentum": 0.0}, 4),
            run("Signum", "signum_decay_schedule", {**base, "lr": 0.03, "weight_decay": 0.2}, 4, schedule=True)]


def prodigy_cases():
    base = {"lr": 1.0, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.0, "d0": 1e-6, "d_coef": 1.0,
            "growth_rate": math.inf, "use_bias_correction": False, "safeguard_warmup": False}
    return [run("Prodigy", "prodigy_default", base, 4, steps=20),
            run("Prodigy", "prodigy_descent", base, 4, steps=60, bowl=0.05),
            run("Prodigy", "prodigy_decay_schedule", {**base, "weight_decay": 0.05, "d0": 1e-3, "d_coef": 0.5}, 4,
                schedule=True, bowl=0.05),
            run("Prodigy", "prodigy_all_options", {**base, "betas": [0.85, 0.98], "d0": 1e-2, "growth_rate": 1.2,
                                                   "use_bias_correction": True, "safeguard_warmup": True}, 4, schedule=True,
                bowl=0.05)]


def muon_cases():
    base = {"lr": 0.02, "momentum": 0.95, "nesterov": True, "weight_decay": 0.0, "ns_steps": 5,
            "ns_coefficients": [3.4445, -4.775, 2.0315], "eps": 1e-7, "norm_floor": "add", "adam_beta1": 0.9,
            "adam_beta2": 0.95, "adam_eps": 1e-8}
    net = [[4, 3], [4], [2, 4], [2]]
    return [run("Muon", "muon_mlp", base, 26, steps=20, shapes=net),
            run("Muon", "muon_mlp_decay_schedule", {**base, "lr": 0.05, "weight_decay": 0.1}, 26, steps=20, schedule=True,
                shapes=net),
            run("Muon", "muon_square", base, 9, steps=20, shapes=[[3, 3]], bowl=0.1),
            run("Muon", "muon_plain_momentum_tall", {**base, "momentum": 0.9, "nesterov": False}, 10, steps=20, shapes=[[5, 2]])]


def polyak_cases():
    cases = []
    for ident, h, noise, steps in [
            ("polyak_exact", {"f_star": 0.0, "c": 1.0, "max_lr": math.inf}, 0.0, 25),
            ("polyak_sps_max", {"f_star": 0.0, "c": 0.5, "max_lr": 0.8}, 1.0, 40),
            ("polyak_f_star_too_high", {"f_star": 1.0, "c": 1.0, "max_lr": 10.0}, 0.2, 25)]:
        rng = rng_for(ident)
        x = initial = rnd(rng.standard_normal(4) * 2.0)
        bowl, grads, losses, lrs, params = Bowl(rng, 4, noise), [], [], [], []
        for t in range(steps):
            g, loss = bowl(x)
            if t == 11:
                g = np.zeros_like(g)  # a step with no gradient
            lrs.append(polyak_step(h, g, loss))
            x = x - lrs[-1] * g
            grads.append(g), losses.append(loss), params.append(x)
        cases.append({"id": ident, "optimizer": "Polyak", "source": "paper", "hyper": h, "dim": 4, "steps": steps,
                      "lrs": None, "initial": initial, "gradients": grads, "losses": losses, "params": params,
                      "extra": {"step": lrs}})
    return cases


def autoclip_cases():
    """Seetharaman et al. 2020, arXiv:2007.14469, Algorithm 1: the norm joins the history BEFORE the percentile is taken
    (numpy's, linear between ranks), then g *= min(1, percentile / (norm + 1e-6)), as torch's clip_grad_norm_ does."""
    cases = []
    for ident, p, steps in [("autoclip_10", 10.0, 40), ("autoclip_50", 50.0, 25), ("autoclip_100", 100.0, 10),
                            ("autoclip_0", 0.0, 10), ("autoclip_33_3", 33.3, 25)]:
        rng = rng_for(ident)
        grads = given_gradients(rng, 5, steps)
        norms, limits, factors = [], [], []
        for g in grads:
            norms.append(float(np.linalg.norm(g)))
            limits.append(float(np.percentile(norms, p)))
            factors.append(min(1.0, limits[-1] / (norms[-1] + 1e-6)))
        cases.append({"id": ident, "op": "autoclip", "source": "paper", "percentile": p, "dim": 5, "steps": steps,
                      "gradients": grads, "norms": norms, "thresholds": limits, "factors": factors,
                      "outputs": grads * np.array(factors)[:, None]})
    return cases


def lbfgs_cases():
    """torch.optim.LBFGS as it is (Nocedal & Wright 2006, Algorithms 7.4, 3.5, 3.6 with torch's details)."""
    import torch
    torch.set_num_threads(1)
    a = np.array([[5.0, 1.0, 0.5, 0.0], [1.0, 3.0, 0.25, 0.5], [0.5, 0.25, 2.0, 0.125], [0.0, 0.5, 0.125, 0.5]])
    b = np.array([1.0, -2.0, 0.5, 3.0])
    ta, tb = torch.tensor(a), torch.tensor(b)
    functions = {"rosenbrock": lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2,
                 "quadratic": lambda x: 0.5 * (x @ (ta @ x)) - tb @ x}
    starts = {"rosenbrock": [-1.2, 1.0], "quadratic": [3.0, -1.0, 2.0, -4.0]}
    base = {"lr": 1.0, "max_iter": 20, "max_eval": 25, "tolerance_grad": 1e-7, "tolerance_change": 1e-9, "history_size": 100,
            "line_search_fn": "strong_wolfe"}
    cases = []
    for ident, name, h, steps in [
            ("lbfgs_rosenbrock", "rosenbrock", base, 10),
            ("lbfgs_rosenbrock_one_iteration_a_step", "rosenbrock", {**base, "max_iter": 1, "max_eval": 25}, 40),
            ("lbfgs_rosenbrock_short_memory", "rosenbrock", {**base, "max_iter": 4, "max_eval": 25, "history_size": 2}, 10),
            ("lbfgs_quadratic", "quadratic", base, 5),
            ("lbfgs_quadratic_one_iteration_a_step", "quadratic", {**base, "max_iter": 1, "max_eval": 25}, 12),
            ("lbfgs_quadratic_no_line_search", "quadratic", {**base, "lr": 0.5, "max_iter": 3, "max_eval": 3,
                                                             "line_search_fn": None}, 12)]:
        x = torch.tensor(starts[name], dtype=torch.float64, requires_grad=True)
        opt = torch.optim.LBFGS([x], **h)

        def closure():
            opt.zero_grad()
            loss = functions[name](x)
            loss.backward()
            return loss

        params, losses, evals, iters = [], [float(functions[name](x))], [], []
        for _ in range(steps):
            opt.step(closure)
            params.append(x.detach().numpy().copy())
            losses.append(float(functions[name](x)))
            evals.append(opt.state[x]["func_evals"])
            iters.append(opt.state[x]["n_iter"])
        case = {"id": ident, "optimizer": "LBFGS", "source": "torch", "function": name}
        if name == "quadratic":
            case["quadratic"] = {"a": a, "b": b}
        case.update(hyper=h, dim=len(starts[name]), steps=steps, lrs=None, initial=starts[name], gradients=None,
                    params=params, losses=losses, extra={"func_evals": evals, "n_iter": iters})
        cases.append(case)
    return cases, torch.__version__


# ------------------------------------------------------------------ a second derivation of what was written
def load(folder, name):
    def real(o):
        if isinstance(o, list):
            return [real(v) for v in o]
        if isinstance(o, dict):
            return {k: v if k in ("id", "function", "optimizer") else real(v) for k, v in o.items()}
        return float(o) if o in ("inf", "-inf", "nan") else o
    with open(os.path.join(folder, name + ".json")) as f:
        return real(json.load(f))["cases"]


def weighted(beta, terms, start=1.0):
    """sum_i beta^(n-i) start terms_i, summed outright instead of carried along."""
    n = len(terms)
    return sum(start * beta ** (n - 1 - i) * np.asarray(v) for i, v in enumerate(terms))


def check(folder):
    """Every step of every file again from the recorded point before it, with moments as explicit sums, Newton-Schulz
    as a polynomial of singular values, percentiles by sorting. Returns {name: largest scaled deviation}."""
    worst = {}

    def note(name, got, want):
        got, want = np.asarray(got, float), np.asarray(want, float)
        scale = np.abs(want).max() or 1.0
        worst[name] = max(worst.get(name, 0.0), float(np.abs(got - want).max() / scale))

    for c in load(folder, "adabelief"):
        h, g, x = c["hyper"], np.array(c["gradients"]), [np.array(c["initial"]), *map(np.array, c["params"])]
        b1, b2 = h["betas"]
        m = [weighted(b1, g[:t + 1], 1 - b1) for t in range(c["steps"])]
        for t in range(c["steps"]):
            lr = c["lrs"][t] if c["lrs"] else h["lr"]
            var = weighted(b2, [(1 - b2) * (g[i] - m[i]) ** 2 + h["eps"] for i in range(t + 1)])
            n = t + 1
            step = lr / (1 - b1 ** n) * m[t] / (np.sqrt(var) / math.sqrt(1 - b2 ** n) + h["eps"])
            note("adabelief", x[t] - lr * h["weight_decay"] * x[t] - step, x[t + 1])

    for c in load(folder, "signum"):
        h, g, x = c["hyper"], np.array(c["gradients"]), [np.array(c["initial"]), *map(np.array, c["params"])]
        for t in range(c["steps"]):
            lr = c["lrs"][t] if c["lrs"] else h["lr"]
            m = weighted(h["momentum"], g[:t + 1])
            note("signum", x[t] * (1 - lr * h["weight_decay"]) - lr * ((m > 0) * 1.0 - (m < 0) * 1.0), x[t + 1])

    for c in load(folder, "prodigy"):
        h, g, x = c["hyper"], np.array(c["gradients"]), [np.array(c["initial"]), *map(np.array, c["params"])]
        (b1, b2), d0 = h["betas"], h["d0"]
        b3, d = math.sqrt(b2), [d0, *c["extra"]["d"]]  # d[t]: before step t
        assert np.abs(g[0]).sum() > 0  # otherwise k and r would lag behind t
        lr = [c["lrs"][t] if c["lrs"] else h["lr"] for t in range(c["steps"])]
        corr = [math.sqrt(1 - b2 ** (t + 1)) / (1 - b1 ** (t + 1)) if h["use_bias_correction"] else 1.0
                for t in range(c["steps"])]
        a = [d[t] * lr[t] * corr[t] for t in range(c["steps"])]
        dhats = []
        for t in range(c["steps"]):
            past = range(t + 1)
            top = weighted(b3, [d[i] / d0 * a[i] * np.sum(g[i] * (x[0] - x[i])) for i in past])
            bottom = np.abs(weighted(b3, [d[i] / d0 * (d[i] if h["safeguard_warmup"] else a[i]) * g[i] for i in past])).sum()
            dhats.append(h["d_coef"] * top / bottom)
            want = max(d0, *dhats[:1], *dhats)  # the running maximum, slowed down by growth_rate
            grown = max(d[t], dhats[t]) if d[t] == d0 else d[t]
            note("prodigy", min(want, h["growth_rate"] * grown), d[t + 1])
            m = weighted(b1, [(1 - b1) * d[i] * g[i] for i in past])
            v = weighted(b2, [(1 - b2) * (d[i] * g[i]) ** 2 for i in past])
            note("prodigy", (1 - h["weight_decay"] * a[t]) * x[t] - a[t] * m / (np.sqrt(v) + d[t + 1] * h["eps"]), x[t + 1])

    for c in load(folder, "muon"):
        h, g = c["hyper"], np.array(c["gradients"])
        for key, floor in ((c["params"], "add"), (c["extra"]["params_clamp"], "clamp")):
            x = [np.array(c["initial"]), *map(np.array, key)]
            for t in range(c["steps"]):
                lr, at, got = c["lrs"][t] if c["lrs"] else h["lr"], 0, []
                for shape in c["shapes"]:
                    part = slice(at, at + int(np.prod(shape)))
                    at = part.stop
                    past = [v[part].reshape(shape) for v in g[:t + 1]]
                    if len(shape) == 2:
                        mu = h["momentum"]
                        z = weighted(mu, past, 1 - mu)
                        z = past[-1] + mu * (z - past[-1]) if h["nesterov"] else z
                        u, s, vt = np.linalg.svd(z, full_matrices=False)
                        size = math.sqrt(np.sum(z * z))
                        s = s / (size + h["eps"] if floor == "add" else max(size, h["eps"]))
                        p, q, r = h["ns_coefficients"]
                        for _ in range(h["ns_steps"]):
                            s = p * s + q * s ** 3 + r * s ** 5
                        step = math.sqrt(max(1.0, shape[0] / shape[1])) * (u * s) @ vt
                    else:
                        b1, b2 = h["adam_beta1"], h["adam_beta2"]
                        m = weighted(b1, past, 1 - b1) / (1 - b1 ** (t + 1))
                        v = weighted(b2, [q * q for q in past], 1 - b2) / (1 - b2 ** (t + 1))
                        step = m / (np.sqrt(v) + h["adam_eps"])
                    got.append((x[t][part] * (1 - lr * h["weight_decay"]) - lr * step.ravel()))
                note("muon", np.concatenate(got), x[t + 1])

    for c in load(folder, "polyak"):
        h, x = c["hyper"], np.array(c["initial"])
        for t in range(c["steps"]):
            g, gap = np.array(c["gradients"][t]), c["losses"][t] - h["f_star"]
            step = 0.0
            if gap > 0 and np.any(g != 0):
                step = gap / h["c"] / math.fsum(v * v for v in g)
                step = step if step < h["max_lr"] else h["max_lr"]
            note("polyak", step, c["extra"]["step"][t])
            x = x - step * g
            note("polyak", x, c["params"][t])

    for c in load(folder, "autoclip"):
        norms = [math.sqrt(math.fsum(v * v for v in g)) for g in c["gradients"]]
        note("autoclip", norms, c["norms"])
        for t, g in enumerate(c["gradients"]):
            seen = sorted(norms[:t + 1])
            rank = c["percentile"] / 100 * t
            low = min(int(rank), t)
            high = min(low + 1, t)
            limit = seen[low] + (rank - low) * (seen[high] - seen[low])
            note("autoclip", limit, c["thresholds"][t])
            factor = limit / (norms[t] + 1e-6)
            note("autoclip", np.array(g) * (factor if factor < 1 else 1.0), c["outputs"][t])

    for c in load(folder, "lbfgs"):  # the end is the minimum, the losses are the function's and never rise
        x = np.array([c["initial"], *c["params"]])
        if c["function"] == "quadratic":
            a, b = np.array(c["quadratic"]["a"]), np.array(c["quadratic"]["b"])
            value, best = [0.5 * p @ a @ p - b @ p for p in x], np.linalg.solve(a, b)
        else:
            value, best = [(1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2 for p in x], np.ones(2)
        note("lbfgs (losses)", value, c["losses"])
        note("lbfgs (minimum)", x[-1], best)
        if c["hyper"]["line_search_fn"]:
            assert all(p >= q - 1e-12 for p, q in zip(value, value[1:])), c["id"]
    return worst


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=HERE)
    parser.add_argument("--check", nargs="?", const=HERE)
    args = parser.parse_args()
    if args.check:
        found = check(args.check)
        for key, value in found.items():
            print("%-16s %.1e" % (key, value))
        raise SystemExit(any(v > (1e-4 if "minimum" in k else 1e-12) for k, v in found.items()))
    os.makedirs(args.out, exist_ok=True)
    for file, kind, make in [("adabelief", "optimizer", adabelief_cases), ("signum", "optimizer", signum_cases),
                             ("prodigy", "optimizer", prodigy_cases), ("muon", "optimizer", muon_cases),
                             ("polyak", "optimizer", polyak_cases), ("autoclip", "clipping", autoclip_cases)]:
        write(args.out, file, kind, make())
    try:
        found, version = lbfgs_cases()
        write(args.out, "lbfgs", "optimizer", found, version)
    except ImportError:
        print("no torch: lbfgs.json left as it is")
