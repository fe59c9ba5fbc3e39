#!/usr/bin/env python3
"""pytorch.py LRLAB: runs what 'lrlab export --pytorch' writes, and compares its losses with 'lrlab run'.

Every optimizer, schedule, clipper and 2-D function is tried, mixed with each other and with everything
else that can be chosen. Two runs are the same when no loss of 200 steps differs by more than 1e-4.
Ends with 'N passed, N failed, N skipped'."""
import contextlib
import csv
import io
import json
import subprocess
import sys

STEPS, ALLOWED = 200, 1e-4
lrlab = sys.argv[1]

try:
    import numpy  # noqa: F401
    import torch
except ImportError as error:
    print(f"not compared with PyTorch: {error} (Debian: python3-torch)")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)
torch.set_num_threads(1)


def call(*args):
    return subprocess.run([lrlab, *args], check=True, capture_output=True, text=True).stdout


def losses(text):
    return [(float(row["loss"]), float(row["lr"])) for row in csv.DictReader(io.StringIO(text)) if row["loss"]]


def run_script(query):
    script = call("export", "--pytorch", "--query", query, "--steps", str(STEPS))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "run.py", "exec"), {"__name__": "__main__"})
    return losses(out.getvalue())


# What to try: each row of a family beside others that do not hide it. Rates are such that no run is
# chaotic: there, the last bit of any sum decides.
RATES = {"lbfgs": "0.5", "prodigy": "1", "adadelta": "1", "schedule_free_sgd": "0.5", "polyak": "0.1", "muon": "0.005",
         "lamb": "0.003", "rprop": "0.001", "lion": "0.0005", "signum": "0.0005", "adabelief": "0.0005"}
SHORT = {"cosine": "t_max=150", "step": "step_size=60", "multi_step": "milestones=50,120", "exponential": "decay_steps=100",
         "linear": "total_steps=150", "polynomial": "total_steps=90&power=2&cycle=1", "cosine_restarts": "t_0=40",
         "cyclical": "step_size_up=30&mode=triangular2", "one_cycle": "total_steps=180&three_phase=1", "noam": "noam_warmup=50",
         "inverse_time": "decay_steps=50&staircase=1", "inverse_sqrt": "timescale=30", "wsd": "stable_steps=80&decay_steps=90",
         "plateau": "plateau_patience=5&factor=0.5", "piecewise": "points=0,0.1,80,1,160,0"}
CLIPS = {"norm": "max_norm=0.2", "value": "clip_value=0.01", "layer_norm": "max_norm=0.1", "agc": "clip_factor=0.02",
         "autoclip": "clip_percentile=30"}


def rows(described, key):
    return [row["id"] for family in described["families"] if family["key"] == key for row in family["rows"]]


def cases():
    described = json.loads(call("describe", "--json"))
    schedules, clips = rows(described, "schedule"), rows(described, "clip")
    for i, optimizer in enumerate(rows(described, "optimizer")):
        schedule, clip = schedules[i % len(schedules)], clips[i % len(clips)]
        batch = 0 if optimizer in ("lbfgs", "rprop") else 32
        if optimizer == "lbfgs":  # the lab clips only its first gradient of a step; torch divides by a rate of 0
            schedule, clip = "exponential", "none"
        problem = "dataset=plane&hidden=" if optimizer == "lbfgs" else "dataset=moons&hidden=8,8"
        parts = [problem, f"optimizer={optimizer}", f"schedule={schedule}", f"clip={clip}", f"batch_size={batch}"]
        if optimizer in RATES:
            parts.append(f"lr={RATES[optimizer]}")
        yield "&".join(parts + [p for p in (SHORT.get(schedule), CLIPS.get(clip)) if p])
    for i, schedule in enumerate(schedules):  # those that the optimizers above have not all met
        optimizer = ["adamw", "momentum", "rmsprop", "yogi"][i % 4]
        warm = ["", "&warmup_steps=20", "&warmup_steps=30&warmup=cosine", "&warmup_steps=10&warmup=constant&warmup_start=0.3"][i % 4]
        yield f"dataset=gauss&optimizer={optimizer}&lr=0.003&schedule={schedule}{warm}" + (f"&{SHORT[schedule]}" if schedule in SHORT else "")
    for surface in rows(described, "surface"):
        rate = {"beale": "0.0001", "rosenbrock": "0.0001", "goldstein_price": "0.000001"}.get(surface, "0.005")
        yield f"surface={surface}&optimizer=sgd&lr={rate}"
    yield from (
        "dataset=iris&optimizer=adam&activation=relu&init=he_normal&l2=0.001&l1=0.0005&dropout=0.2",
        "dataset=digits&optimizer=momentum&lr=0.02&hidden=16&activation=gelu&init=torch&batch_size=64",
        "dataset=sine&optimizer=nesterov&lr=0.01&rate_inside=1&activation=sigmoid&first_lr=0.03&shuffle=0",
        "dataset=moons&optimizer=momentum&lr=0.01&rate_inside=1&schedule=step&step_size=3&per_epoch=1",
        "dataset=moons&optimizer=adam&grad_noise=0.01&loss=bce&activation=leaky_relu&seed=4000000000&data_seed=7",
        "dataset=plane&optimizer=sgd&lr=0.05&loss=half_mse&hidden=&init_scale=0.5&test_fraction=0",
        "dataset=circle&optimizer=sgd&lr=0.05&schedule=plateau&per_epoch=1&plateau_patience=2&factor=0.5",
        "surface=rosenbrock&optimizer=muon&lr=0.0005&adjust_lr=match_rms_adamw&grad_noise=0.001&seed=3&clip=agc",
        "surface=rosenbrock&optimizer=lbfgs",
        "surface=ravine&optimizer=momentum&lr=0.02&schedule=cyclical&step_size_up=20&clip=layer_norm&max_norm=0.5",
    )


passed = failed = 0
for query in cases():
    try:
        theirs, ours = run_script(query), losses(call("run", "--query", query, "--steps", str(STEPS), "--csv", "-"))
        assert len(theirs) == len(ours) == STEPS, f"{len(theirs)} and {len(ours)} steps"
        worst = max(range(STEPS), key=lambda i: abs(theirs[i][0] - ours[i][0]))
        apart = abs(theirs[worst][0] - ours[worst][0])
        assert apart <= ALLOWED, f"step {worst}: PyTorch {theirs[worst][0]:.6g}, the lab {ours[worst][0]:.6g}"
        for i, ((_, a), (_, b)) in enumerate(zip(theirs, ours)):
            assert abs(a - b) <= 1e-6 * abs(b), f"rate of step {i}: PyTorch {a}, the lab {b}"
        passed += 1
        if len(sys.argv) > 2:
            print(f"{apart:.1e}  {query}")
    except Exception as error:  # whatever it is, the others go on
        failed += 1
        print(f"FAILED: {query}\n  {type(error).__name__}: {error}")
print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(failed > 0)
