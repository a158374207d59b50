#!/usr/bin/python3
"""Whole processes, ours and a peer's in turn: compare.py BUILD_FOLDER [--runs N] [--disk FOLDER] [--only TEXT]. Prints a Markdown table."""
import argparse
import datetime
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import tempfile
import time

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
PYTHON = "/usr/bin/python3"


def seconds(command, folder):
    """Wall time of one run in an emptied folder; of a peer that prints how long its computing alone took, that time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    start = time.perf_counter()
    done = subprocess.run([str(word) for word in command], cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    duration = time.perf_counter() - start
    try:
        return float(done.stdout)
    except ValueError:
        return duration


def peak_megabytes(command, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    script = "import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=-3,check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([PYTHON, "-c", script, *map(str, command)], cwd=folder, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def text(duration):
    return f"{duration * 1e3:.1f} ms" if duration < 1 else f"{duration:.2f} s"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--disk", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()))
    parser.add_argument("--small", action="store_true", help="only what needs no gigabytes")
    parser.add_argument("--only", default="", help="only rows whose text holds this")
    options = parser.parse_args()
    pe_gen, raw = options.build.resolve() / "pe-gen", options.build.resolve() / "tests/pe_raw_write"
    known = subprocess.run([pe_gen, "list"], capture_output=True, text=True, check=True).stdout
    memory, disk = (pathlib.Path(tempfile.mkdtemp(dir=place)) for place in ("/dev/shm", options.disk))

    def peer(name, *words):
        return [PYTHON, PEERS / f"{name}.py", *words]

    rows = [
        ("default run, table and two figures", memory, [pe_gen, "sincos2d", "--dim", 768, "--grid", 14], "numpy + matplotlib", peer("matplotlib_figures", ".")),
        ("the same, `--plot none`", memory, [pe_gen, "sincos2d", "--dim", 768, "--grid", 14, "--plot", "none"], "numpy", peer("numpy_mae", "t.npy", 768, 14)),
        ("`--version`", memory, [pe_gen, "--version"], "/bin/true", ["/bin/true"]),
    ]
    if not options.small:
        large1 = [pe_gen, "sincos1d", "--dim", 1024, "--length", 524288, "-o", "t.npy"]
        large2 = [pe_gen, "sincos2d", "--dim", 1024, "--grid", 512, "-o", "t.npy"]
        rows += [
            ("sincos1d 524288 x 1024, 2.1 GB, tmpfs", memory, large1, "writing ready bytes", [raw, "t.npy", 2147483776]),
            ("the same, disk", disk, large1, "writing ready bytes", [raw, "t.npy", 2147483776]),
            ("the same, tmpfs", memory, large1, "torch + numpy.save", peer("torch_sinusoid", "t.npy", 524288, 1024)),
            ("the same, disk", disk, large1, "torch + numpy.save", peer("torch_sinusoid", "t.npy", 524288, 1024)),
            ("sincos2d 512x512 x 1024, 1.07 GB, tmpfs", memory, large2, "writing ready bytes", [raw, "t.npy", 1073741952]),
            ("the same, disk", disk, large2, "writing ready bytes", [raw, "t.npy", 1073741952]),
            ("the same, tmpfs", memory, large2, "numpy", peer("numpy_mae", "t.npy", 1024, 512)),
        ]
    if "  rope " in known:
        rope = [pe_gen, "rope", "--head-dim", 128, "--length"]
        two, with_sha256 = ["-o", "t.cos.npy", "-o", "t.sin.npy"], ["-o", "t.npz"]
        torch = "torch computing alone", peer("torch_rope", 131072, 128)
        rows.append(("rope cos and sin 131072 x 128, 134 MB, two .npy, disk", disk, rope + [131072] + two, *torch))
        rows.append(("the same, tmpfs", memory, rope + [131072] + two, *torch))
        rows.append(("the same, one .npz with sha256, tmpfs", memory, rope + [131072] + with_sha256, *torch))
        rows.append(("the same, two .npy, tmpfs", memory, rope + [131072] + two, "writing ready bytes", [raw, "t.npy", 134217984]))
        if not options.small:
            ready = "writing ready bytes", [raw, "t.npy", 4294967552]
            rows.append(("rope 4194304 x 128, 4.3 GB, two .npy, tmpfs", memory, rope + [4194304] + two, *ready))
            rows.append(("the same, disk", disk, rope + [4194304] + two, *ready))
            rows.append(("the same, one .npz with sha256, tmpfs", memory, rope + [4194304] + with_sha256, *ready))
    if "  swin " in known:
        swin = [pe_gen, "swin", "--window", 64, "--heads", 1, "--tensor", "relative_position_index", "-o", "t.npy"]
        rows.append(("swin index 4096 x 4096, written", memory, swin, "torch computing alone", peer("torch_swin_index", 64)))
    if "  learned1d " in known:
        learned = [pe_gen, "learned1d", "--dim", 1000, "--length", 1000, "-o", "t.npy"]
        rows.append(("learned1d, 1M normal numbers, written", memory, learned, "torch computing alone", peer("torch_randn", 1000000)))

    print(f"{datetime.date.today()}, {os.cpu_count()} cores, {platform.machine()}; medians of {options.runs} runs in turn, whole processes\n")
    print("| what | pe-gen | beside | its time | ratio |\n|---|---|---|---|---|")
    for what, folder, ours, name, theirs in rows:
        if options.only not in what:
            continue
        pairs = [(seconds(ours, folder / "run"), seconds(theirs, folder / "run")) for _ in range(options.runs + 1)][1:]
        mine, other = (statistics.median(column) for column in zip(*pairs))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"| {what} | {text(mine)} | {name} | {text(other)} | {ratio:.2f} |", flush=True)
    if not options.small and not options.only:
        print("\n| bytes | time | GB/s | writing ready bytes | peak memory over `--version` |\n|---|---|---|---|---|")
        base = peak_megabytes([pe_gen, "--version"], memory / "run")
        for rows in (2 ** 8, 2 ** 10, 2 ** 12, 2 ** 14, 2 ** 16, 2 ** 18, 2 ** 21):
            command, size = [pe_gen, "sincos1d", "--dim", 1024, "--length", rows, "-o", "t.npy"], 4096 * rows
            ready = [raw, "t.npy", size]
            pairs = [(seconds(command, memory / "run"), seconds(ready, memory / "run")) for _ in range(3)]
            mine, other = (statistics.median(column) for column in zip(*pairs))
            peak = peak_megabytes(command, memory / "run") - base
            print(f"| {size} | {text(mine)} | {size / mine / 1e9:.2f} | {text(other)} | {peak:.0f} MB |", flush=True)
    shutil.rmtree(memory)
    shutil.rmtree(disk)


main()
