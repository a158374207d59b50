#!/usr/bin/python3
"""README.md and samples/ hold what the program prints and writes. docs.py PE_GEN makes them anew; cli_test.py compares."""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "samples/README.md"]
INPUTS = ["vit-learned-14x14.npy", "swin-learned-7x7.npy", "swin-v2-weights.npz"]   # files in samples/ that commands read and none writes
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.S)
TABLES = re.compile(r"(?<=<!-- pe-gen list --markdown -->\n).*?(?=<!-- end -->)", re.S)


def run(binary, words, folder):
    done = subprocess.run([binary, *shlex.split(words)], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0 and (words.split()[0], done.returncode) != ("compare", 1):   # 1: different
        raise RuntimeError(f"pe-gen {words}: {done.stderr}")
    return done.stdout


def fresh_block(binary, block, folder):
    """A console block with every command's output as it is now. A picture's size depends on the font, so it is not shown."""
    lines = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        lines.append(line)
        if line.startswith("$ pe-gen "):
            lines += [re.sub(r"(\.png.*?) +\d+ bytes$", r"\1", row) for row in run(binary, line[len("$ pe-gen "):], folder).splitlines()]
    return "\n".join(lines) + "\n"


def fresh_page(binary, page, folder):
    """The page's text, its blocks and tables made anew; what the commands write lands in `folder`."""
    (folder / "samples").mkdir(exist_ok=True)
    for place in (folder, folder / "samples"):
        for name in INPUTS:
            shutil.copy(ROOT / "samples" / name, place)
    text = BLOCK.sub(lambda match: fresh_block(binary, match.group(), folder), page.read_text())
    return TABLES.sub(lambda _: run(binary, "list --markdown", folder), text)


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    for page in PAGES:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            text = fresh_page(binary, page, folder)
            page.write_text(text)
            if page.parent == ROOT / "samples":
                for file in folder.iterdir():
                    if file.is_file():
                        shutil.copy(file, page.parent)


if __name__ == "__main__":
    main()
