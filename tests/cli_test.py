#!/usr/bin/python3
"""pe-gen from outside: exact text, exit codes, files opened by numpy. cli_test.py PE_GEN; ends with "N passed, N failed"."""
import hashlib
import json
import os
import pathlib
import re
import resource
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

import counted
import docs
import numpy as np

BINARY = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parent.parent
SANITIZED = b"__asan_init" in pathlib.Path(BINARY).read_bytes()


def picture(png):
    """What a .png shows and says: its chunks, the pixels unpacked, since their packing depends on the compressor's version."""
    chunks, packed, at = [], b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        data = png[at + 8:at + 8 + length]
        if kind == b"IDAT":
            packed += data
        else:
            chunks.append((kind, data))
        at += length + 12
    return chunks, zlib.decompress(packed)


def read_safetensors(data):
    """The bytes of every tensor, by name, and the texts of __metadata__."""
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    texts, end = header.pop("__metadata__"), 0
    for entry in header.values():
        begin, end, before = *entry["data_offsets"], end
        assert begin == before and end - begin == np.prod(entry["shape"]) * {"F32": 4}[entry["dtype"]]
    assert start % 8 == 0 and start + end == len(data)
    return {name: data[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]] for name, entry in header.items()}, texts


def read_gguf(data):
    """The bytes of every tensor and every value, by name. Values are strings, tensors f32."""
    at = 0

    def take(layout):
        nonlocal at
        at += struct.calcsize(layout)
        return struct.unpack_from(layout, data, at - struct.calcsize(layout))[0]

    def text():
        return take(f"{take('<Q')}s")
    assert (take("4s"), take("<I")) == (b"GGUF", 3)
    tensors, values = take("<Q"), take("<Q")
    values = dict((text(), take("<I"), text())[::2] for _ in range(values))
    infos = [(text(), [take("<Q") for _ in range(take("<I"))], take("<I"), take("<Q")) for _ in range(tensors)]
    start = end = (at + 31) // 32 * 32
    for _, shape, kind, offset in infos:
        assert kind == 0 and start + offset == end
        end += (int(np.prod(shape)) * 4 + 31) // 32 * 32
    assert end == len(data) and not any(data[at:start])
    tables = {name.decode(): data[start + offset:][:int(np.prod(shape)) * 4] for name, shape, _, offset in infos}
    return tables, {key.decode(): value for key, value in values.items()}


class Cli(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_words(self, words, **options):
        options.setdefault("capture_output", True)
        return subprocess.run([BINARY, *shlex.split(words)], cwd=self.folder, timeout=120, **options)

    def good(self, words, **options):
        done = self.run_words(words, **options)
        self.assertEqual(done.returncode, 0, (words, done.stderr))
        return done.stdout.decode()

    def bad(self, words, code, message, **options):
        """Fails with that code, exactly that line on stderr, nothing on stdout, and leaves no file behind."""
        before = self.files()
        done = self.run_words(words, **options)
        self.assertEqual((done.returncode, done.stderr.decode(), done.stdout), (code, message + "\n", b""), words)
        self.assertEqual(self.files(), before)

    def files(self):
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*"))


    def extensions(self, can=""):
        """".csv, .npy": of all formats, or of those that can be read or written."""
        return ", ".join("." + f["name"] for f in json.loads(self.good("list --json"))["formats"] if can in f["one_line"].split("(")[-1])


class MainJob(Cli):
    def test_the_default_run_writes_table_description_and_two_figures(self):
        listed = self.good("sincos2d --dim 768 --grid 14")
        names = [line.split()[0] for line in listed.splitlines()]
        self.assertEqual(names, ["sincos2d-768-14x14.npy", "sincos2d-768-14x14.meta.json", "sincos2d-768-14x14.table.png",
                                 "sincos2d-768-14x14.similarity.png"])
        self.assertEqual(self.files(), sorted(names))
        for line in listed.splitlines():
            size = int(re.search(r"(\d+) bytes$", line).group(1))
            self.assertEqual((self.folder / line.split()[0]).stat().st_size, size)
        for picture in names[2:]:
            checked = subprocess.run(["pngcheck", "-v", self.folder / picture], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_the_description_holds_what_is_needed_to_make_the_table_again(self):
        self.good("sincos2d --like timm --dim 32 --grid 4x6 --plot none")
        meta = json.loads((self.folder / "sincos2d-32-4x6.meta.json").read_text())
        table = np.load(self.folder / "sincos2d-32-4x6.npy")
        self.assertEqual((meta["scheme"], meta["convention"], meta["parameters"]["layout"], meta["parameters"]["axes"]),
                         ("sincos2d", "timm", "grouped", "hw"))
        self.assertEqual(meta["command"], "pe-gen sincos2d --like timm --dim 32 --grid 4x6 --plot none")
        tensor = meta["tensors"][0]
        self.assertEqual((tensor["name"], tensor["shape"], tensor["dtype"]), ("pos_embed", [24, 32], "f32"))
        self.assertEqual(tensor["sha256"], hashlib.sha256(table.tobytes()).hexdigest())
        (self.folder / "sincos2d-32-4x6.npy").unlink()
        self.good(meta["command"].split(" ", 1)[1])
        self.assertEqual(np.load(self.folder / "sincos2d-32-4x6.npy").tobytes(), table.tobytes())

    def test_mae_in_f32_is_bit_for_bit_what_its_code_computes(self):
        self.good("sincos2d --like mae --dim 768 --grid 14 --prefix-tokens 1 -o mae.npy")
        omega = 1.0 / 10000 ** (np.arange(192, dtype=np.float64) / 192.0)
        w, h = np.meshgrid(np.arange(14, dtype=np.float32), np.arange(14, dtype=np.float32))
        blocks = [f(np.einsum("m,d->md", axis.reshape(-1).astype(np.float64), omega)) for axis in (w, h) for f in (np.sin, np.cos)]
        want = np.concatenate([np.zeros((1, 768)), np.concatenate(blocks, axis=1)]).astype(np.float32)
        self.assertEqual(np.load(self.folder / "mae.npy").tobytes(), want.tobytes())

    def test_the_figure_of_a_learned_table_skips_the_class_token_in_front(self):
        shutil.copy(ROOT / "samples/vit-learned-14x14.npy", self.folder / "vit.npy")
        self.good("plot vit.npy --grid 14 --prefix-tokens 1 --plot similarity,table")
        self.assertEqual(self.files(), ["vit.npy", "vit.similarity.png", "vit.table.png"])
        np.save(self.folder / "bare.npy", np.load(self.folder / "vit.npy")[1:])
        self.good("plot bare.npy --grid 14 -o bare.similarity.png")
        self.good("plot vit.npy --grid 14 --prefix-tokens 1 -o vit.similarity.png")

    def test_many_formats_hold_the_same_numbers(self):
        self.good("sincos1d --like whisper --dim 16 --length 10 --batch-dim -o t.npy -o t.npz -o t.json -o t.csv")
        table = np.load(self.folder / "t.npy")
        self.assertEqual((table.shape, table.dtype), ((1, 10, 16), np.float32))
        with np.load(self.folder / "t.npz") as archive:
            self.assertEqual(archive["pos_embed"].tobytes(), table.tobytes())
            self.assertEqual(json.loads(archive["meta.json"])["convention"], "whisper")
        values = json.loads((self.folder / "t.json").read_text())["tensors"][0]["values"]
        self.assertEqual(np.array(values, dtype=np.float32).tobytes(), table.tobytes())
        lines = np.loadtxt(self.folder / "t.csv", delimiter=",", dtype=np.float32)
        self.assertEqual(lines.tobytes(), table.tobytes())

    def test_safetensors_and_gguf_hold_the_same_numbers_as_their_layouts_say(self):
        self.good("rope --like llama3.1 --head-dim 16 --length 7 -o t.npz -o t.safetensors -o t.gguf")
        with np.load(self.folder / "t.npz") as archive:
            want = {name: archive[name].tobytes() for name in ("cos", "sin", "inv_freq")}
        tensors, texts = read_safetensors((self.folder / "t.safetensors").read_bytes())
        self.assertEqual((tensors, texts["format"], texts["convention"]), (want, "pt", "llama3.1"))
        tensors, values = read_gguf((self.folder / "t.gguf").read_bytes())
        self.assertEqual((tensors, values["pe_gen.convention"]), (want, b"llama3.1"))
        for text in texts["description"], values["pe_gen.description"]:
            described = {t["name"]: t["sha256"] for t in json.loads(text)["tensors"]}
            self.assertEqual(described, {name: hashlib.sha256(data).hexdigest() for name, data in want.items()})

    def test_what_a_format_cannot_hold_is_refused_before_anything_is_written_or_computed(self):
        done = self.run_words("rope --layout complex --length 1000000000 -o t.npz -o t.gguf")
        self.assertRegex(done.stderr.decode(), r"^rope: cis is c64, which \.gguf does not hold; .*\.npz, .*\.safetensors do\n$")
        self.assertEqual((done.returncode, done.stdout, self.files()), (2, b"", []))

    def test_types_are_stored_as_numpy_knows_them(self):
        for dtype, want in [("f64", np.float64), ("f32", np.float32), ("f16", np.float16)]:
            self.good(f"sincos1d --dim 8 --length 5 --dtype {dtype} -o t.npy")
            self.assertEqual(np.load(self.folder / "t.npy").dtype, want)

    def test_bf16_is_stored_as_f32_holding_the_rounded_values_and_says_so(self):
        done = self.run_words("sincos1d --dim 8 --length 50 --dtype bf16 -o t.npy")
        self.assertEqual(done.stderr.decode(), "sincos1d: .npy has no bf16: pos_embed is stored as f32 holding the rounded values\n")
        bits = np.load(self.folder / "t.npy").view(np.uint32)
        self.assertFalse((bits & 0xFFFF).any())

    def test_rows_are_the_rows_of_the_whole_table(self):
        self.good("sincos1d --dim 64 --length 5000 -o all.npy")
        self.good("sincos1d --dim 64 --length 5000 --rows 4321:4399 -o some.npy")
        self.assertEqual(np.load(self.folder / "some.npy").tobytes(), np.load(self.folder / "all.npy")[4321:4399].tobytes())

    def test_positions_come_from_any_readable_file(self):
        np.save(self.folder / "p.npy", np.array([0.5, -3, 1e6]))
        np.savez_compressed(self.folder / "p.npz", steps=np.array([0.5, -3, 1e6]))
        (self.folder / "p.json").write_text("[0.5, -3, 1e6]")
        (self.folder / "p.csv").write_text("0.5\n-3\n1e6\n")
        for words in ["p.npy", "p.npz", "p.npz:steps", "p.json", "p.csv"]:
            self.good(f"sincos1d --dim 8 --positions {words} -o t-{words.replace(':', '-')}.npy")
        tables = {(self.folder / name).read_bytes() for name in self.files() if name.startswith("t-")}
        self.assertEqual(len(tables), 1)

    def test_stdin_and_stdout_stand_in_for_files(self):
        piped = self.run_words("sincos1d --dim 8 --length 6 -o - --format npy -q").stdout
        self.good("sincos1d --dim 8 --length 6 -o t.npy")
        self.assertEqual(piped, (self.folder / "t.npy").read_bytes())
        self.good("plot - -o piped.png", input=piped)
        packed = self.run_words("sincos1d --dim 8 --length 6 -o - --format npz -q").stdout
        self.good("sincos1d --dim 8 --length 6 -o t.npz")
        (self.folder / "packed.npz").write_bytes(packed)
        self.assertEqual(np.load(self.folder / "packed.npz")["pos_embed"].tobytes(), np.load(self.folder / "t.npy").tobytes())

    def test_json_list_and_quiet(self):
        listed = json.loads(self.good("sincos1d --dim 4 --length 2 -o t.npy --json"))
        self.assertEqual(listed, [{"path": "t.npy", "contents": "pos_embed 2x4 f32", "bytes": 160}])
        self.assertEqual(self.good("sincos1d --dim 4 --length 2 -o t.npy --quiet"), "")

    def test_a_dry_run_writes_nothing(self):
        self.assertEqual(self.good("sincos1d --dim 4 --length 1000000000000 --dry-run -o t.npy"), "t.npy  pos_embed 1000000000000x4 f32\n")
        self.assertEqual(self.files(), [])

    def test_threads_and_locale_change_no_byte(self):
        self.good("sincos1d --dim 40 --length 30000 --threads 1 -o a.npy -o a.json")
        self.good("sincos1d --dim 40 --length 30000 --threads 7 -o b.npy -o b.json", env={"LC_ALL": "de_DE.UTF-8"})
        self.assertEqual((self.folder / "a.npy").read_bytes(), (self.folder / "b.npy").read_bytes())
        a, b = ((self.folder / name).read_text().split('"convention"')[1] for name in ("a.json", "b.json"))
        self.assertEqual(a, b)

    def test_the_default_set_goes_into_a_folder(self):
        self.good("sincos1d --dim 4 --length 2 -o made/here/")
        endings = ["curves.png", "matrix.png", "meta.json", "npy", "spectrum.png", "table.png"]
        self.assertEqual(self.files(), ["made", "made/here"] + [f"made/here/sincos1d-4-2.{ending}" for ending in endings])

    def test_all_figures_are_those_that_suit_the_table(self):
        self.good("sincos2d --dim 8 --grid 2x3 --format none --plot all")
        self.assertEqual([name.split(".")[1] for name in self.files()], ["channels", "histogram", "matrix", "similarity", "spectrum", "table"])


class Words(Cli):
    def test_help_version_and_the_lists_answer(self):
        for words in ["", "help", "--help", "-h", "list", "list --json", "list --markdown", "describe sincos2d", "describe sincos2d --json",
                      "sincos2d --help", "help sincos2d", "plot --help", "describe --help", "list -h"]:
            self.assertGreater(len(self.good(words)), 40, words)
        self.assertRegex(self.good("--version"), r"^pe-gen \d+\.\d+\.\d+\n$")
        json.loads(self.good("list --json"))
        json.loads(self.good("describe sincos2d --json --columns"))

    def test_every_scheme_and_convention_is_listed_and_described(self):
        for scheme in json.loads(self.good("list --json"))["schemes"]:
            described = json.loads(self.good(f"describe {scheme['name']} --json"))
            help_text = self.good(f"{scheme['name']} --help")
            for option in described["options"]:
                self.assertIn(option.split()[0], help_text)
            for convention in described["conventions"]:
                self.assertIn(convention, help_text)

    def test_columns_say_function_axis_and_wavelength(self):
        rows = self.good("describe sincos2d --columns --dim 8 --grid 2").splitlines()
        self.assertEqual(len(rows), 10)
        self.assertEqual(rows[2].split(), ["0", "sin", "w", "0", "1", "6.283185307179586"])
        self.assertEqual(rows[9].split(), ["7", "cos", "h", "1", "0.01", "628.3185307179587"])

    def test_unknown_words_get_the_nearest_known_one(self):
        self.bad("sincos2", 2, "pe-gen: sincos2 is neither a scheme nor a command; nearest: sincos2d")
        self.bad("sincos2d --grd 3", 2, "sincos2d: --grd is not an option; nearest: --grid")
        self.bad("sincos2d --like may", 2, "sincos2d: --like may is not a convention; nearest: mae")
        self.bad("sincos2d --layout conact", 2,
                 "sincos2d: --layout conact is not one of concat, interleaved, grouped; nearest: concat")
        self.bad("sincos2d --plot similarty", 2, "sincos2d: --plot similarty is not a figure; nearest: similarity")
        self.bad("sincos2d --format nyp", 2, "sincos2d: --format nyp is not a format; nearest: npy")
        self.bad("describe sincos3", 2, "describe: sincos3 is not a scheme; nearest: sincos3d")

    def test_wrong_parameters_get_one_line(self):
        self.bad("sincos2d --dim 30", 2, "sincos2d: --dim 30 is not a multiple of 4; nearest: 28, 32")
        self.bad("sincos1d --dim 7", 2, "sincos1d: --dim 7 is odd; nearest: 6, 8")
        self.bad("sincos1d --dim 0", 2, "sincos1d: --dim 0 is not in 1..1048576")
        self.bad("sincos1d --dim -4", 2, "sincos1d: --dim -4 is not in 1..1048576")
        self.bad("sincos1d --dim four", 2, "sincos1d: --dim four is not a whole number")
        self.bad("sincos1d --dim 99999999999999999999", 2, "sincos1d: --dim 99999999999999999999 is not a whole number")
        self.bad("sincos1d --base nan", 2, "sincos1d: --base nan is not a finite number")
        self.bad("sincos1d --base 0", 2, "sincos1d: --base 0 is not in 1e-06..1e+18")
        self.bad("sincos1d --dim", 2, "sincos1d: --dim needs exactly one value")
        self.bad("sincos2d --grid 0", 2, "sincos2d: --grid 0 is not a grid such as 14, 14x14 or 8x14x14 with sizes from 1")
        self.bad("sincos2d --grid 3x", 2, "sincos2d: --grid 3x is not a grid such as 14, 14x14 or 8x14x14 with sizes from 1")
        self.bad("sincos2d --grid 2x3x4", 2, "sincos2d: --grid 2x3x4 has 3 sizes; needs 2, or 1 for a square")
        self.bad("sincos2d --grid 1000000000000", 2, "sincos2d: the grid is too large: 1000000000000 x 1000000000000 is more than 2^63")
        self.bad("sincos2d --grid 10000000000000", 2, "sincos2d: --grid 10000000000000 is not in 1..1e+12")
        self.bad("sincos2d --start 1,2,3", 2, "sincos2d: --start has 3 values; needs 1, or one per axis of the grid (2)")
        self.bad("sincos1d --rows 5:3", 2, "sincos1d: --rows 5:3 is not a range of rows such as 0:24 (from the first to before the second)")
        self.bad("sincos1d --length 4 --rows 2:9", 2, "sincos1d: --rows 2:9 is not inside the rows 0:4 of pos_embed")
        self.bad("sincos1d word", 2, "sincos1d: 'word' is one word too many")
        self.bad("sincos1d --threads 0", 2, "sincos1d: --threads 0 is not a whole number in 1..1024")
        self.bad("sincos1d --range 0:x", 2, "sincos1d: --range 0:x is not a finite number")

    def test_an_option_without_effect_is_refused(self):
        (self.folder / "p.json").write_text("[1, 2]")
        self.bad("sincos1d --positions p.json --length 3", 2, "sincos1d: --length does not go with --positions")
        self.bad("sincos1d -o t.npy --format json", 2, "sincos1d: --format json changes nothing: every -o names its own")
        self.bad("sincos1d -o t.npy --plot table", 2, "sincos1d: --plot table has no file to go to; add -o FILE.png or -o FOLDER/")
        self.bad("sincos1d -o t.xyz", 2, f"sincos1d: -o t.xyz names no format; its extension can be .png, {self.extensions()}, or give --format")
        self.bad("sincos1d -o t.npy -o t.npy", 2, "sincos1d: -o t.npy is given twice")
        self.bad("sincos1d --plot table --columns 1", 2, "sincos1d: --columns changes nothing: no figure that is drawn has such a choice")
        self.bad("sincos1d --plot curves --colormap magma", 2, "sincos1d: --colormap changes nothing: no figure that is drawn has such a choice")
        self.bad("sincos1d --dim 4 --plot curves --columns 4", 2, "sincos1d: --columns 4: pos_embed has 4 columns, numbered from 0")
        self.bad("sincos1d --plot curves --columns 1:2:3", 2, "sincos1d: --columns 1:2:3 is not a list of numbers and ranges A:B")
        self.bad("sincos1d --plot channels", 2, "sincos1d: channels needs a grid; give --grid HxW (and --prefix-tokens K)")

        self.bad("alibi --compute f32", 2, "alibi: --compute changes nothing: the tables of this scheme do not depend on it")
        self.bad("shaw --dtype f16", 2, "shaw: --dtype changes nothing: the tables of this scheme do not depend on it")

    def test_an_empty_value_is_refused_and_takes_no_other_word(self):
        self.bad("sincos1d --dim= --length 3", 2, "sincos1d: --dim= needs a value behind the =")
        self.bad("sincos1d --dim '' --length 3", 2, "sincos1d: --dim needs a value, not ''")
        self.bad("sincos1d --dim ' 4'", 2, "sincos1d: --dim ' 4' is not a whole number")
        self.bad("sincos1d --start=+-1", 2, "sincos1d: --start +-1 is not a finite number")
        self.bad("sincos1d --layout 'a\nb'", 2, "sincos1d: --layout 'a?b' is not one of interleaved, concat; nearest: concat")

    def test_a_list_with_a_typo_is_not_taken_for_a_file(self):
        needs = "is neither a file nor a list of numbers:"
        self.bad("sincos1d --positions 1,x", 2, f"sincos1d: --positions 1,x {needs} 'x' is not a finite number")
        self.bad("sincos1d --positions 1,,2", 2, f"sincos1d: --positions 1,,2 {needs} '' is not a finite number")
        self.bad("sincos1d --positions 1e400", 2, f"sincos1d: --positions 1e400 {needs} '1e400' is not a finite number")
        self.bad("sincos1d --positions 1.npy", 3, "sincos1d: --positions 1.npy: cannot be read: No such file or directory")

    def test_numbers_too_large_for_the_type_are_refused(self):
        self.bad("index --length 70000 --dtype f16", 2,
                 "index: pos_embed goes up to 69999, which is too large for f16, whose last number is 65504; choose another --dtype")
        self.bad("learned1d --std 1e4 --dtype f16", 2, "learned1d: --std 10000 draws numbers that are too large for --dtype f16")

    def test_overlays_are_drawn_into_spectrum_and_decay(self):
        overlays = "--overlay '--scaling linear --factor 8' --overlay '--scaling yarn --factor 8 --original-length 64' --overlay '--base 500000'"
        self.good(f"rope --head-dim 16 --length 512 {overlays} --format none --plot spectrum,decay")
        self.assertEqual(self.files(), ["rope-16-512.decay.png", "rope-16-512.spectrum.png"])
        picture = (self.folder / "rope-16-512.spectrum.png").read_bytes()
        self.assertIn(b"--overlay '--scaling yarn --factor 8 --original-length 64'", picture)
        self.good("rope --head-dim 16 --length 512 -o plain.spectrum.png")
        self.assertNotEqual((self.folder / "plain.spectrum.png").read_bytes(), picture)
        for words in ["sincos1d --dim 16 --overlay '--base 100'", "sincos2d --dim 16 --overlay '--base 100'", "mrope --overlay='--like qwen3-vl'",
                      "rope --scaling yarn --factor 8 --original-length 64 --overlay '--scaling linear' --overlay '--scaling none'"]:
            self.good(f"{words} -o some.spectrum.png")

    def test_a_wrong_overlay_gets_one_line(self):
        spectrum = "-o t.spectrum.png"
        self.bad(f"rope --overlay '--scalin linear' {spectrum}", 2,
                 "rope: --overlay '--scalin linear': --scalin is not an option; nearest: --scaling")
        self.bad(f"rope --overlay '--scaling linear --factor x' {spectrum}", 2,
                 "rope: --overlay '--scaling linear --factor x': --factor x is not a finite number")
        self.bad(f"rope --overlay '--factor 8' {spectrum}", 2,
                 "rope: --overlay '--factor 8': --factor counts only with --scaling linear or ntk or dynamic or yarn or longrope or llama3")
        self.bad(f"rope --overlay \"--base '5\" {spectrum}", 2, "rope: --overlay '--base '5': a quote ' is not closed")
        self.bad(f"rope --overlay '' {spectrum}", 2, "rope: --overlay '': it holds no option")
        self.bad(f"rope --overlay --help {spectrum}", 2, "rope: --overlay '--help': --help is not an option; nearest: --step")
        self.bad(f"rope --overlay --like {spectrum}", 2, "rope: --overlay '--like': --like needs exactly one value")
        self.bad("rope --overlay '--base 5' -o t.table.png", 2, "rope: --overlay changes nothing: no figure that is drawn has such a choice")
        self.bad("rope --overlay '--base 5' -o t.npz", 2, "rope: --overlay changes nothing: no figure that is drawn has such a choice")
        (self.folder / "p.json").write_text("[1, 2, 5]")
        self.bad("rope --overlay '--positions p.json' -o t.decay.png", 2,
                 "rope: --overlay '--positions p.json': decay needs equally spaced positions; those of cos are not")
        self.bad("plot t.npy --overlay '--base 5'", 2, "plot: --overlay is not an option; nearest: --help")

    def test_one_table_of_many_is_drawn_where_it_is_asked_for(self):
        mixed = "rope-mixed --head-dim 8 --grid 4 --depth 2 --heads 3 --format none"
        self.good(mixed)
        stem = "rope-mixed-8-2x3-4x4"
        self.assertEqual(self.files(), [f"{stem}.channels.png", f"{stem}.similarity.png", f"{stem}.table.png"])
        self.good(f"{mixed} --draw-at 1,2")
        self.bad(f"{mixed} --draw-at 1,3", 2, "rope-mixed: --draw-at: head 3 is not there; cis has 3, numbered from 0")
        self.bad(f"{mixed} --draw-at 1", 2, "rope-mixed: --draw-at: the tables of cis are numbered by layer, head")
        self.bad(f"{mixed} --draw-at -1,0", 2, "rope-mixed: --draw-at -1 is not a whole number in 0..9223372036854775807")
        for words in ["sincos2d --dim 8", "sincos1d --dim 8 --batch-dim", "alibi", "detr --dim 8 --grid 4", f"{mixed} --plot histogram"]:
            self.bad(f"{words} --draw-at 0", 2, f"{words.split()[0]}: --draw-at changes nothing: nothing that is drawn has leading axes")
        np.save(self.folder / "mask.npy", np.zeros((2, 3, 4)))
        self.good("detr --dim 8 --grid 3x4 --mask mask.npy --draw-at 1 -o images.channels.png")
        np.save(self.folder / "heads.npy", np.ones((2, 12, 8)))
        self.good("plot heads.npy --grid 3x4 --draw-at 1 -o heads.png")

    def test_the_pages_show_what_the_program_prints_and_the_samples_are_what_it_writes(self):
        refresh = "refresh by: tests/docs.py build/pe-gen"
        for page in docs.PAGES:
            self.assertEqual(page.read_text(), docs.fresh_page(BINARY, page, self.folder), refresh)
        kept = {file.name for file in (ROOT / "samples").iterdir()} - {"README.md", "quickstart.sh"}
        for name in kept:
            written = self.folder / name
            self.assertTrue(written.exists(), f"{name} is written by no command of samples/README.md")
            read = picture if name.endswith(".png") else lambda data: data
            self.assertEqual(read(written.read_bytes()) == read((ROOT / "samples" / name).read_bytes()), True, f"{name}; {refresh}")

    def test_the_samples_show_every_scheme_and_every_picture(self):
        page = (ROOT / "samples/README.md").read_text()
        schemes = re.search(r"schemes\n(.*?)^\S", self.good("list"), re.S | re.M).group(1)
        for scheme in re.findall(r"^  (\S+)", schemes, re.M):
            self.assertIn(f"\n## {scheme}\n", page)
            self.assertIn(f"\n$ pe-gen {scheme} ", page)
        pictures = {file.name for file in (ROOT / "samples").glob("*.png")}
        self.assertEqual(pictures, set(re.findall(r"!\[.+?\]\((.+?)\)", page)))


class Files(Cli):
    def test_files_that_cannot_be_read_are_named(self):
        self.bad("plot missing.npy", 3, "missing.npy: cannot be read: No such file or directory")
        self.bad("plot missing.xyz", 3, "missing.xyz: cannot be read: No such file or directory")
        (self.folder / "sub").mkdir()
        self.bad("plot sub", 3, "sub: is a folder, not a file")
        (self.folder / "t.txt").write_text("1")
        self.bad("plot t.txt", 2, f"plot: t.txt: its extension names no format that can be read; those are {self.extensions('read')}")
        self.bad("plot", 2, "plot: which table? pe-gen plot FILE[:TENSOR] [--grid HxW --prefix-tokens K]")

    def test_a_file_that_does_not_fit_its_option_is_named_with_it(self):
        for name, array in [("nan", np.array([1, np.nan])), ("square", np.ones((2, 2))), ("complex", np.ones(2, complex)), ("none", np.ones(0))]:
            np.save(self.folder / f"{name}.npy", array)
        np.savez(self.folder / "none.npz")
        np.savez(self.folder / "two.npz", a=np.ones(2), b=np.ones(2))
        expected = "expected one axis, with at least one position; found"
        self.bad("sincos1d --positions nan.npy", 4, "sincos1d: --positions nan.npy: value [1] is nan, not in -1e+15..1e+15")
        self.bad("sincos1d --positions square.npy", 4, f"sincos1d: --positions square.npy: {expected} [2, 2]")
        self.bad("sincos1d --positions none.npy", 4, f"sincos1d: --positions none.npy: {expected} [0]")
        self.bad("sincos1d --positions complex.npy", 4, "sincos1d: --positions complex.npy: expected real numbers, found c128")
        self.bad("sincos1d --positions none.npz", 4, "sincos1d: --positions none.npz: it holds no table")
        self.bad("sincos1d --positions two.npz", 2, "sincos1d: --positions two.npz: it holds 2 tensors; choose one as two.npz:a")
        self.bad("sincos1d --positions missing.npy", 3, "sincos1d: --positions missing.npy: cannot be read: No such file or directory")
        self.bad("sincos1d --positions 1e18", 2, "sincos1d: --positions 1e18: value [0] is 1e+18, not in -1e+15..1e+15")
        self.bad("binary --positions 1,1.5", 2, "binary: --positions 1,1.5: position 1.5 is not a whole number in 0..2^53; only those have bits")
        self.bad("swin-v2 --weights none.npz", 4, "swin-v2: --weights none.npz: it holds no table")
        self.bad("peg --dim 2 --weight square.npy --bias 1,2", 4,
                 "peg: --weight square.npy: expected [2, 1, 3, 3], [dim, 1, kernel, kernel]; found [2, 2]")

    def test_malformed_tables_are_refused(self):
        np.save(self.folder / "ok.npy", np.ones((3, 4)))
        good = (self.folder / "ok.npy").read_bytes()
        for length in [0, 1, 9, 20, 127, 128, len(good) - 1]:
            (self.folder / "cut.npy").write_bytes(good[:length])
            done = self.run_words("plot cut.npy")
            self.assertEqual((done.returncode, done.stderr.count(b"\n")), (4, 1), done.stderr)
        (self.folder / "o.npy").write_bytes(good.replace(b"<f8", b"|O8"))
        self.bad("plot o.npy", 4, "o.npy: not a valid .npy: values of type '|O8' are not numbers this program knows")
        np.save(self.folder / "p.npy", np.array([{}], dtype=object), allow_pickle=True)
        self.bad("plot p.npy", 4, "p.npy: not a valid .npy: it holds Python objects (pickle), which are never read")
        (self.folder / "h.npy").write_bytes(good.replace(b"(3, 4)", b"(3, 9)"))
        self.bad("plot h.npy", 4, "h.npy: not a valid .npy: the shape (3, 9) of <f8 needs 216 bytes of values, found 96")

    def test_fortran_order_and_big_endian_are_read_correctly(self):
        table = np.arange(12.0).reshape(3, 4)
        for name, array in [("c", table), ("f", np.asfortranarray(table)), ("b", table.astype(">f8"))]:
            np.save(self.folder / f"{name}.npy", array)
            self.good(f"plot {name}.npy --plot table -o {name}.table.png --range 0:11")
        self.assertEqual(np.load(self.folder / "f.npy").flags.f_contiguous, True)

    def test_a_grid_that_does_not_fit_is_refused_with_the_numbers(self):
        shutil.copy(ROOT / "samples/vit-learned-14x14.npy", self.folder / "vit.npy")
        self.bad("plot vit.npy --grid 14", 2, "plot: --grid 14x14 has 196 cells, with 0 prefix tokens 196 rows; the table has 197")
        self.bad("plot vit.npy --plot similarity", 2, "plot: similarity needs a grid; give --grid HxW (and --prefix-tokens K)")

    def test_names_of_files_need_not_be_utf_8(self):
        for ending in ["npz", "safetensors", "gguf", "json", "meta.json", "table.png"]:
            self.good(os.fsdecode(b"sincos1d --dim 4 --length 2 --json -o t\xff.") + ending)
        self.good(os.fsdecode(b"plot t\xff.npz:pos_embed -o t.table.png"))

    def test_an_unwritable_folder_is_named(self):
        self.bad("sincos1d -o /sys/t.npy", 3, "/sys/t.npy: cannot be written: Permission denied")

    def test_a_missing_folder_is_named(self):
        self.bad("sincos1d -o no/t.npy", 3, "no/t.npy: cannot be written: No such file or directory")

    def test_a_full_disk_is_reported_and_devices_stay_devices(self):
        self.bad("sincos1d -o /dev/full", 3, "/dev/full: cannot be written: No space left on device")
        self.assertIn("/dev/null", self.good("sincos1d --dim 4 --length 2 -o /dev/null"))
        self.assertTrue(pathlib.Path("/dev/null").is_char_device())
        with open("/dev/full", "w") as full:
            done = self.run_words("list", capture_output=False, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 3)

    def test_a_table_larger_than_the_disk_is_refused_before_it_is_computed(self):
        done = self.run_words("sincos1d --dim 1024 --length 100000000000 -o t.npy")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr.decode(), r"^t\.npy: cannot be written: (No space left on device|File too large)\n$")
        self.assertEqual(self.files(), [])

    def test_memory_stays_bounded_whatever_the_size_of_the_table(self):
        def peak(*words):
            process = subprocess.Popen([BINARY, *words], cwd=self.folder, stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            self.assertEqual(status, 0)
            return usage.ru_maxrss / 1024
        rows = "10000" if SANITIZED else "300000"   # 1.2 GB
        allowed = 1000 if SANITIZED else 64
        large = peak("sincos1d", "--dim", "1024", "--length", rows, "-o", "/dev/null")
        self.assertLess(large - peak("--version"), allowed)

    def test_a_file_of_one_table_takes_the_tensor_that_its_name_ends_in(self):
        self.good("rope --head-dim 8 --length 10 -o all.npz -o r.cos.npy -o sin.npy -o r.inv_freq.csv -q")
        tensors = np.load(self.folder / "all.npz")
        self.assertTrue(np.array_equal(np.load(self.folder / "r.cos.npy"), tensors["cos"]))
        self.assertTrue(np.array_equal(np.load(self.folder / "sin.npy"), tensors["sin"]))
        self.assertEqual(len((self.folder / "r.inv_freq.csv").read_text().split(",")), 4)
        self.good("rope --head-dim 8 --length 10 --tensor sin -o r.cos.npy -q")   # what is said counts for more than what is named
        self.assertTrue(np.array_equal(np.load(self.folder / "r.cos.npy"), tensors["sin"]))
        self.bad("rope --head-dim 8 --length 10 -o r2.cosine.npy", 2,
                 "rope: -o r2.cosine.npy holds one table, there are 3 (cos, sin, inv_freq); choose by --tensor cos, name it x.cos.npy, or write .npz")

    def test_files_written_side_by_side_are_the_same_and_fall_together(self):
        rope = "rope --head-dim 64 --length 5000 --plot none -q --format npy "
        for threads in (1, 2, 3, 8):
            self.good(rope + f"--threads {threads} -o t{threads}/")
        for name in ("cos.npy", "sin.npy", "inv_freq.npy"):
            files = {(self.folder / f"t{threads}/rope-64-5000.{name}").read_bytes() for threads in (1, 2, 3, 8)}
            self.assertEqual(len(files), 1, name)
        for full in ("-o a.cos.npy -o /dev/full --tensor cos --format npy", "-o /dev/full -o a.cos.npy --tensor cos --format npy"):
            self.bad("rope --head-dim 64 --length 100000 " + full, 3, "/dev/full: cannot be written: No space left on device")

    def test_a_file_too_large_for_its_limit_leaves_the_old_one(self):
        (self.folder / "t.npy").write_text("old")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
        before = self.files()
        done = self.run_words("sincos1d -o t.npy -o u.npy", preexec_fn=limit)
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        self.assertRegex(done.stderr.decode(), r"^[tu]\.npy: cannot be written: File too large\n$")   # whichever is there first
        self.assertEqual(self.files(), before)
        self.assertEqual((self.folder / "t.npy").read_text(), "old")

    def test_an_existing_file_keeps_its_mode_and_a_link_its_target(self):
        (self.folder / "t.npy").write_text("old")
        (self.folder / "t.npy").chmod(0o640)
        (self.folder / "link.npy").symlink_to("t.npy")
        self.good("sincos1d --dim 4 --length 2 -o link.npy")
        self.assertTrue((self.folder / "link.npy").is_symlink())
        self.assertEqual((self.folder / "t.npy").stat().st_mode & 0o777, 0o640)
        self.assertEqual(np.load(self.folder / "t.npy").shape, (2, 4))

    def test_an_interrupted_run_leaves_nothing(self):
        for number in [signal.SIGINT, signal.SIGTERM]:
            process = subprocess.Popen([BINARY, "sincos1d", "--length", "2000000", "-o", "t.npy"], cwd=self.folder, stderr=subprocess.PIPE)
            deadline = time.time() + 30
            while not self.files() and time.time() < deadline:
                time.sleep(0.01)
            process.send_signal(number)
            _, stderr = process.communicate(timeout=60)
            self.assertEqual((process.returncode, stderr), (130, b"interrupted; nothing was written\n"))
            self.assertEqual(self.files(), [])

    def test_a_closed_pipe_is_an_error_of_writing(self):
        shell = f"{BINARY} sincos1d --length 100000 -o - --format npy | head -c 10 >/dev/null; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (3, b"-: cannot be written: Broken pipe\n"))


class Resample(Cli):
    def setUp(self):
        super().setUp()
        for name in ["vit-learned-14x14.npy", "swin-learned-7x7.npy"]:
            shutil.copy(ROOT / "samples" / name, self.folder)

    def said(self, words):
        done = self.run_words(words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr.decode()

    def test_it_says_in_one_line_what_it_assumed_and_writes_table_description_and_figure(self):
        words = "resample vit-learned-14x14.npy --grid 9x16 --prefix-tokens 1"
        self.assertEqual(self.said(words), "resample: 14x14 (the 196 cells taken for a square) -> 9x16, 1 prefix row kept, "
                                           "timm: cubic a=-0.5, antialias\n")
        stem = "vit-learned-14x14-9x16"
        self.assertEqual([f for f in self.files() if "9x16" in f], [f"{stem}.meta.json", f"{stem}.npy", f"{stem}.similarity.png"])
        meta = json.loads((self.folder / f"{stem}.meta.json").read_text())
        self.assertEqual((meta["operation"], meta["convention"], meta["source"], meta["command"]),
                         ("resample", "timm", "vit-learned-14x14.npy", "pe-gen " + words))
        self.assertEqual(meta["parameters"], {"grid": "9x16", "from": "14x14", "prefix-tokens": 1, "flatten": "hw", "kind": "absolute",
                                              "filter": "cubic", "cubic-a": -0.5, "antialias": True, "corners": "half-pixel", "offset": 0.0})
        self.assertNotIn("source_description", meta)
        self.assertEqual(meta["tensors"][0]["grid"], {"sizes": [9, 16], "order": "hw", "prefix_tokens": 1})
        self.assertEqual(self.said(words + " --quiet -o quiet.npy"), "")

    def test_what_a_file_says_of_itself_is_known_and_kept(self):
        self.good("sincos2d --like mae --dim 32 --grid 4x6 --prefix-tokens 1 -o pe.npz")
        self.assertEqual(self.said("resample pe.npz --grid 8 -o large.npz"),
                         "resample: 4x6 (as the table's description says) -> 8x8, 1 prefix row kept, timm: cubic a=-0.5, antialias\n")
        with np.load(self.folder / "large.npz") as archive:
            meta = json.loads(archive["meta.json"])
            self.assertEqual(archive["pos_embed"].shape, (65, 32))
        self.assertEqual((meta["source_description"]["scheme"], meta["source_description"]["parameters"]["grid"]), ("sincos2d", "4x6"))
        self.bad("resample pe.npz --grid 8 --from 6x4", 2, "resample: --from 6x4: the table's own description says its grid is 4x6")

    def test_types_leading_axes_and_prefix_rows_stay(self):
        table = np.random.RandomState(0).randn(2, 1 + 12, 4).astype(np.float16)
        np.savez(self.folder / "two.npz", other=np.ones(3), pos=table)
        self.good("resample two.npz:pos --from 3x4 --grid 4x3 --prefix-tokens 1 -o out.npy")
        out = np.load(self.folder / "out.npy")
        self.assertEqual((out.shape, out.dtype), ((2, 13, 4), np.float16))
        self.assertEqual(out[:, 0].tobytes(), table[:, 0].tobytes())
        np.save(self.folder / "one.npy", table[1])
        with open(self.folder / "one.npy", "rb") as pipe:
            alone = self.good("resample - --from 3x4 --grid 4x3 --prefix-tokens 1 -o one-out.npy", stdin=pipe)
        self.assertIn("one-out.npy", alone)
        self.assertEqual(np.load(self.folder / "one-out.npy").tobytes(), out[1].tobytes())

    def test_the_same_grid_is_passed_through(self):
        for words in ["vit-learned-14x14.npy --from 14 --prefix-tokens 1 --grid 14", "swin-learned-7x7.npy --like beit --from 7 --grid 7"]:
            self.assertIn(" already, passed through unchanged", self.said(f"resample {words} -o same.npy"))
            self.assertEqual((self.folder / "same.npy").read_bytes(), (self.folder / words.split()[0]).read_bytes())

    def test_cubic_weights_without_antialias_are_those_of_the_formula(self):
        def matrix(old, new, a=-0.75):
            weights = np.zeros((new, old))
            for i in range(new):
                c = (i + 0.5) * old / new - 0.5
                for j in range(int(np.floor(c)) - 1, int(np.floor(c)) + 3):
                    x = abs(j - c)
                    k = (a + 2) * x**3 - (a + 3) * x**2 + 1 if x <= 1 else a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
                    weights[i, min(max(j, 0), old - 1)] += k
            return weights
        for words, table, old, kept in [("vit-learned-14x14.npy --like mae --from 14 --prefix-tokens 1 --grid 9x16", (9, 16), 14, slice(1, None)),
                                        ("swin-learned-7x7.npy --like swin --from 7 --grid 4x9", (7, 17), 13, slice(None))]:
            self.good(f"resample {words} -o out.npy")
            cells = np.load(self.folder / words.split()[0])[kept].astype(float).reshape(old, old, -1)
            want = np.einsum("ih,jw,hwd->ijd", matrix(old, table[0]), matrix(old, table[1]), cells)
            np.testing.assert_allclose(np.load(self.folder / "out.npy")[kept].reshape(want.shape), want, atol=2e-7)

    def test_grids_that_do_not_fit_are_refused_with_what_would(self):
        vit = "resample vit-learned-14x14.npy "
        self.bad("resample", 2, "resample: which table? pe-gen resample FILE[:TENSOR] --from HxW --grid HxW [--prefix-tokens K] [--like NAME]")
        self.bad(vit, 2, "resample: to which grid? --grid HxW")
        self.bad(vit + "--grid 24", 2, "resample: which grid are the 197 rows now? --from HxW, and --prefix-tokens K for rows before the cells; "
                                       "--from 14x14 --prefix-tokens 1 would fit")
        self.bad(vit + "--grid 24 --from 14", 2, "resample: --from 14x14 has 196 cells, with 0 prefix tokens 196 rows; the table has 197; "
                                                 "with --prefix-tokens 1 they would fit")
        self.bad(vit + "--grid 0 --prefix-tokens 1", 2, "resample: --grid 0 is not a grid such as 14, 14x14 or 8x14x14 with sizes from 1")
        self.bad(vit + "--grid 9999999 --prefix-tokens 1", 2, "resample: --grid 9999999 is not in 1..1048576")
        self.bad(vit + "--grid 24 --prefix-tokens 1 --like tim", 2, "resample: --like tim is not a convention; nearest: timm")
        self.bad("resample swin-learned-7x7.npy --grid 12 --like swin", 2,
                 "resample: which window are the 169 rows of this bias table for? --from HxW; --from 7x7 would fit")
        self.bad("resample swin-learned-7x7.npy --from 7 --grid 12 --like beit --filter linear", 2,
                 "resample: --filter counts only with --kind absolute or bias")

    def test_its_help_names_every_convention_with_its_options(self):
        text = self.good("resample --help")
        for line in ["timm        timm's resample_abs_pos_embed; also DINOv2 with registers: --cubic-a -0.5 --antialias", "beit-timm ", "siglip2 "]:
            self.assertIn("\n  " + line, text)


class Convert(Cli):
    LAYOUTS = ["half", "interleaved", "compact", "complex", "joined", "pairs"]

    def arrays(self, name):
        with np.load(self.folder / name) as archive:
            return {key: archive[key] for key in archive.files if key != "meta.json"}

    def meta(self, name):
        with np.load(self.folder / name) as archive:
            return json.loads(archive["meta.json"])

    def same(self, a, b):
        a, b = self.arrays(a), self.arrays(b)
        self.assertEqual(list(a), list(b))
        for key in a:
            self.assertEqual((a[key].shape, a[key].dtype, a[key].tobytes()), (b[key].shape, b[key].dtype, b[key].tobytes()), key)

    def convert(self, words):
        """What stands on stderr, line by line."""
        done = self.run_words(f"convert {words}")
        self.assertEqual(done.returncode, 0, (words, done.stderr))
        return done.stderr.decode().splitlines()

    def test_without_options_values_and_what_is_said_of_them_are_copied(self):
        self.good("mrope --segments 'text:3 image:1x4x6' -o m.npz")
        self.assertEqual(self.convert("m.npz -o copy.npz"), [])
        self.same("m.npz", "copy.npz")
        old, new = self.meta("m.npz"), self.meta("copy.npz")
        for key in ["scheme", "convention", "parameters", "facts", "formula", "references"]:
            self.assertEqual(new[key], old[key])
        self.assertEqual((new["command"], new["source"], new["source_command"]), ("pe-gen convert m.npz -o copy.npz", "m.npz", old["command"]))
        self.convert("copy.npz -o second.npz")
        self.assertEqual(self.meta("second.npz")["source_command"], old["command"])
        self.assertEqual([step["command"] for step in self.meta("second.npz")["converted"]],
                         ["pe-gen convert m.npz -o copy.npz", "pe-gen convert copy.npz -o second.npz"])

    def test_bits_that_double_has_not_survive_a_copy(self):
        odd = np.array([[0x7FF0000000000123, 0x7FF8000000000001]], dtype=np.uint64)
        np.savez(self.folder / "odd.npz", nan=odd.view(np.float64), whole=np.array([2**53 + 1, -2**63]), big=np.array([2**64 - 1], dtype=np.uint64))
        self.convert("odd.npz -o copy.npz")
        self.same("odd.npz", "copy.npz")

    def test_tensors_are_chosen_and_renamed(self):
        self.good("rope --head-dim 8 --length 3 -o r.npz")
        self.convert("r.npz:sin -o sin.npz")
        self.assertEqual(list(self.arrays("sin.npz")), ["sin"])
        self.convert("r.npz --tensor cos -o cos.npy")
        self.assertEqual(np.load(self.folder / "cos.npy").tobytes(), self.arrays("r.npz")["cos"].tobytes())
        self.convert("r.npz --rename cos=sin --rename sin=cos --rename inv_freq=w -o n.npz")
        self.assertEqual(list(self.arrays("n.npz")), ["sin", "cos", "w"])
        self.assertEqual(self.arrays("n.npz")["sin"].tobytes(), self.arrays("r.npz")["cos"].tobytes())
        self.bad("convert r.npz --rename cs=x -o n.npz", 2, "convert: --rename cs=x: there is no tensor cs; nearest: cos")
        self.bad("convert r.npz --rename cos=sin -o n.npz", 2, "convert: two tensors are called sin; --rename OLD=NEW gives one another name")
        self.bad("convert r.npz --rename cos= -o n.npz", 2, "convert: --rename cos= is not OLD=NEW")
        self.bad("convert r.npz --rename cos -o n.npz", 2, "convert: --rename cos is not OLD=NEW")
        self.bad("convert r.npz --rename cos=a --rename cos=b -o n.npz", 2, "convert: --rename cos=b: cos is renamed already")
        self.bad("convert r.npz:tan -o n.npz", 2, "convert: r.npz: it holds no tensor tan; nearest: sin")
        self.bad("convert r.npz --tensor tan -o n.npz", 2, "convert: --tensor tan is none of cos, sin, inv_freq; nearest: sin")
        self.bad("convert r.npz r.npz -o n.npz", 2, "convert: r.npz: another file has a tensor cos too; name the tensors to take, as FILE:TENSOR")

    def test_files_of_one_table_each_are_put_together_under_their_own_names(self):
        self.good("rope --head-dim 8 --length 5 --format npy --plot none")
        self.good("rope --head-dim 8 --length 5 -o r.npz")
        self.convert("rope-8-5.cos.npy rope-8-5.sin.npy --layout joined -o a.npz")    # described by rope-8-5.meta.json
        self.convert("r.npz --layout joined --tensor cos_sin -o b.npz")
        self.same("a.npz", "b.npz")
        (self.folder / "rope-8-5.meta.json").unlink()
        self.convert("rope-8-5.cos.npy rope-8-5.sin.npy --from-layout half --layout joined -o c.npz")
        self.same("a.npz", "c.npz")
        self.good("convert rope-8-5.cos.npy rope-8-5.sin.npy --format npz")
        self.assertEqual(list(self.arrays("rope-8-5.npz")), ["cos", "sin"])

    def test_every_layout_is_that_of_the_scheme_and_goes_back(self):
        tables = ["rope --head-dim 12 --length 7 --rotary-fraction 0.67", "rope2d --head-dim 16 --grid 2x3 --prefix-tokens 1",
                  "mrope --segments 'text:3 image:1x4x6'", "rope --head-dim 8 --length 4 --batch-dim --dtype f64",
                  "rope-mixed --head-dim 8 --grid 2x3 --heads 2 --depth 2"]
        for table in tables:
            for layout in self.LAYOUTS[:4]:
                self.good(f"{table} --layout {layout} -o {layout}.npz")
            for old in self.LAYOUTS[:4]:
                for new in self.LAYOUTS:
                    self.convert(f"{old}.npz --layout {new} -o {old}-{new}.npz")
                    if new in self.LAYOUTS[:4]:
                        self.same(f"{old}-{new}.npz", f"{new}.npz")
                        facts = [self.meta(name)["facts"]["to rotate"] for name in (f"{old}-{new}.npz", f"{new}.npz")]
                        self.assertTrue(new == "compact" or facts[0] == facts[1], facts)
                    self.assertEqual(self.meta(f"{old}-{new}.npz")["parameters"]["layout"], new)
                    self.convert(f"{old}-{new}.npz --layout {old} -o back.npz")
                    self.same("back.npz", f"{old}.npz")

    def test_joined_and_pairs_hold_cos_and_sin_as_vllm_and_tensorrt_llm_have_them(self):
        self.good("rope --head-dim 6 --length 5 --layout compact -o r.npz")
        self.convert("r.npz --layout joined -o j.npz")
        self.convert("r.npz --layout pairs -o p.npz")
        cos, sin = self.arrays("r.npz")["cos"], self.arrays("r.npz")["sin"]
        self.assertEqual(self.arrays("j.npz")["cos_sin"].tobytes(), np.concatenate([cos, sin], axis=-1).tobytes())
        self.assertEqual(self.arrays("p.npz")["cos_sin"].tobytes(), np.stack([cos, sin], axis=-1).reshape(5, 6).tobytes())

    def test_a_layout_is_never_guessed(self):
        cos = np.cos(np.arange(12.0)).reshape(2, 6)
        np.savez(self.folder / "t.npz", cos=cos, sin=cos)
        says = "; --from-layout says it: half, interleaved, compact, complex, joined, pairs"
        self.bad("convert t.npz --layout compact -o x.npz", 2, f"convert: t.npz does not say how its rotary table is laid out{says}")
        self.bad("convert t.npz --from-layout half --layout compact -o x.npz", 2,
                 "convert: cos[0, 0] is 1 but cos[0, 3] is -0.9899924966004454: layout half has the same angle there, so the table is not in it")
        self.bad("convert t.npz --from-layout half --layout hlaf -o x.npz", 2,
                 "convert: --layout hlaf is none of half, interleaved, compact, complex, joined, pairs; nearest: half")
        self.bad("convert t.npz --from-layout complex --layout half -o x.npz", 2,
                 "convert: t.npz has no tensor cis or freqs_cis or cos_sin or cos_sin_cache or rotary_cos_sin; --cos NAME says where it is")
        np.savez(self.folder / "c.npz", freqs_cis=np.exp(1j * np.arange(6.0)).reshape(2, 3))
        self.convert("c.npz --layout half -o half.npz")     # complex numbers cannot be anything else
        self.assertEqual(self.arrays("half.npz")["cos"].shape, (2, 6))
        self.bad("convert c.npz --from-layout half --layout compact -o x.npz", 2,
                 "convert: freqs_cis is 2x3 c128: of complex numbers the layout is complex, not half")
        self.good("sincos1d --dim 8 --length 3 -o s.npz")   # its layout is another option
        self.bad("convert s.npz --layout half -o x.npz", 2, f"convert: s.npz does not say how its rotary table is laid out{says}")

    def test_tensors_of_other_names_are_pointed_at(self):
        cos = np.cos(np.arange(6.0)).reshape(2, 3).astype(np.float32)
        np.savez(self.folder / "t.npz", c=cos, s=-cos, other=np.arange(4))
        self.convert("t.npz --cos c --sin s --from-layout compact --layout joined -o j.npz")
        self.assertEqual(self.arrays("j.npz")["cos_sin"].tobytes(), np.concatenate([cos, -cos], axis=1).tobytes())
        self.assertEqual(self.arrays("j.npz")["other"].tolist(), [0, 1, 2, 3])
        self.convert("t.npz:c --from-layout compact --layout half -o c.npz")
        self.assertEqual(self.arrays("c.npz")["c"].tobytes(), np.concatenate([cos, cos], axis=1).tobytes())
        self.bad("convert t.npz --cos d --from-layout compact --layout half -o x.npz", 2, "convert: --cos d: t.npz has no such tensor; nearest: c")
        self.bad("convert t.npz --from-layout compact --layout half -o x.npz", 2,
                 "convert: t.npz has no tensor cos or sin; --cos NAME and --sin NAME say where they are")
        self.bad("convert t.npz --sin s --from-layout pairs --layout half -o x.npz", 2,
                 "convert: --sin s does not go with layout pairs, which has one tensor; --cos names it")

    def test_a_layout_that_turns_other_columns_says_what_the_weights_need(self):
        self.good("rope --head-dim 8 --length 3 -o r.npz")
        needs = ("convert: layout {} turns columns {} of q and k together, that of the source {}: weights made for the source need "
                 "--permute-qk HEADS --from-layout {} --layout {}")
        self.assertEqual(self.convert("r.npz --layout complex -o c.npz"),
                         [needs.format("complex", "2i and 2i+1", "i and i+4", "half", "interleaved")])
        self.assertEqual(self.convert("r.npz --layout joined -o j.npz"), [])
        self.assertEqual(self.meta("j.npz")["pairing"], "half")
        self.assertEqual(self.convert("j.npz --layout interleaved -o i.npz"),
                         [needs.format("interleaved", "2i and 2i+1", "i and i+4", "half", "interleaved")])
        self.assertEqual(self.convert("j.npz --layout half -o h.npz"), [])
        self.assertEqual(self.convert("r.npz --from-layout compact --layout joined -o j.npz")[0],
                         "convert: r.npz says that its layout is half; --from-layout compact is taken")
        self.assertEqual(self.convert("r.npz --layout complex -o c.npz -q"), [])

    def test_types_are_rounded_once_and_whole_numbers_never(self):
        table = np.array([[0.1, 1 + 2.0**-11 + 2.0**-40, 65519.99, -1e-8]])
        np.savez(self.folder / "t.npz", t=table)
        for dtype, want in [("f32", np.float32), ("f16", np.float16), ("f64", np.float64)]:
            self.assertEqual(self.convert(f"t.npz --dtype {dtype} -o x.npz"), [])
            self.assertEqual(self.arrays("x.npz")["t"].tobytes(), table.astype(want).tobytes())
        np.savez(self.folder / "w.npz", w=np.array([[3.0, -4.0], [0.0, 257.0]], dtype=np.float32))
        for dtype, want in [("i64", np.int64), ("i32", np.int32), ("i16", np.int16)]:
            self.convert(f"w.npz --dtype {dtype} -o x.npz")
            self.assertEqual(self.arrays("x.npz")["w"].dtype, want)
            self.assertEqual(self.arrays("x.npz")["w"].tolist(), [[3, -4], [0, 257]])
        self.bad("convert w.npz --dtype u8 -o x.npz", 2, "convert: w[0, 1] is -4, not a whole number in 0..255")
        self.bad("convert t.npz --dtype i64 -o x.npz", 2,
                 "convert: t[0, 0] is 0.1, not a whole number in -2^63..2^63-1")
        self.bad("convert w.npz --dtype int8 -o x.npz", 2, "convert: --dtype int8 is none of f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, "
                 "u16, u8, bool, c64, c128; nearest: i8")
        np.savez(self.folder / "i.npz", i=np.array([[1, 2**53 + 1]]))
        self.bad("convert i.npz --dtype f64 -o x.npz", 2,
                 "convert: i[0, 1] is 2^53 or more, where a conversion to f64 can lose digits; i64 and u64 keep them")
        self.convert("i.npz --dtype u64 -o x.npz")
        self.assertEqual(self.arrays("x.npz")["i"].tolist(), [[1, 2**53 + 1]])

    def test_numbers_that_become_infinite_are_counted(self):
        np.savez(self.folder / "t.npz", t=np.array([65504.0, 65520, -1e9, np.inf]))
        self.assertEqual(self.convert("t.npz --dtype f16 -o x.npz"), ["convert: 2 numbers of t are infinite now: the last number of f16 is 65504"])
        self.assertEqual(self.arrays("x.npz")["t"].tolist(), [65504, np.inf, -np.inf, np.inf])

    def test_whole_numbers_beside_others_keep_their_type(self):
        self.good("mrope --segments text:3 -o m.npz")
        self.assertEqual(self.convert("m.npz --dtype f16 -o h.npz"), ["convert: position_ids stays i64; --tensor position_ids converts it alone"])
        types = {key: array.dtype for key, array in self.arrays("h.npz").items()}
        self.assertEqual(types, {"position_ids": np.int64, "cos": np.float16, "sin": np.float16, "inv_freq": np.float16})
        self.assertEqual(self.meta("h.npz")["parameters"]["dtype"], "f16")
        self.convert("m.npz --tensor position_ids --dtype f32 -o p.npz")
        self.assertEqual(self.arrays("p.npz")["position_ids"].dtype, np.float32)

    def test_complex_numbers_have_a_complex_type_or_another_layout(self):
        self.good("rope --like meta --head-dim 8 --length 3 -o c.npz")
        self.convert("c.npz --dtype f64 -o d.npz")
        self.assertEqual(self.arrays("d.npz")["cis"].dtype, np.complex128)
        self.bad("convert c.npz --dtype f16 -o x.npz", 2, "convert: cis is c64: f16 has no complex type; f32 and f64 have")
        self.bad("convert c.npz:inv_freq --dtype c64 -o x.npz", 2, "convert: inv_freq is f32: not complex numbers, which c64 holds")
        self.convert("c.npz --layout compact --dtype f16 -o h.npz")
        self.assertEqual(self.arrays("h.npz")["cos"].dtype, np.float16)
        self.good("rope --head-dim 8 --length 3 --dtype f16 -o h.npz")
        self.bad("convert h.npz --layout complex -o x.npz", 2, "convert: cis is f16, which has no complex type; f32 and f64 have")
        for dtype in ["f64", "c128"]:
            self.convert(f"h.npz --layout complex --dtype {dtype} -o z.npz")
            self.assertEqual((self.arrays("z.npz")["cis"].dtype, self.arrays("z.npz")["inv_freq"].dtype), (np.complex128, np.float64))
        self.assertEqual(self.arrays("z.npz")["cis"].real.tobytes(), self.arrays("h.npz")["cos"][:, :4].astype(np.float64).tobytes())

    def test_weights_of_q_and_k_go_from_one_pairing_to_the_other(self):
        rng = np.random.default_rng(1)
        heads, dim, width = 4, 6, 10
        q, k = (rng.standard_normal((n * dim, width)).astype(np.float32) for n in (heads, 2))
        bias = rng.standard_normal(heads * dim).astype(np.float16)
        names = {"l.0.q_proj.weight": q, "l.0.k_proj.weight": k, "l.0.q_proj.bias": bias, "l.0.v_proj.weight": k}
        np.savez(self.folder / "w.npz", **names)
        said = self.convert("w.npz --permute-qk '*.q_proj.*=4' --permute-qk l.0.k_proj.weight=2 --from-layout interleaved --layout half -o h.npz")
        self.assertEqual(said[0], "convert: l.0.q_proj.weight: 4 heads of 6, made for pairs 2i and 2i+1, now for i and i+3")
        half = self.arrays("h.npz")
        for name, array in names.items():
            n = 4 if "q_proj" in name else 2
            want = array if "v_proj" in name else array.reshape(n, dim // 2, 2, -1).swapaxes(1, 2).reshape(array.shape)
            self.assertEqual(half[name].tobytes(), want.tobytes(), name)

        def rotated(x, angles, pairs):      # [heads, dim] by the two columns of each pair
            out = x.copy()
            for angle, (a, b) in zip(angles, pairs):
                out[:, a], out[:, b] = x[:, a] * np.cos(angle) - x[:, b] * np.sin(angle), x[:, b] * np.cos(angle) + x[:, a] * np.sin(angle)
            return out
        x, y = rng.standard_normal((2, width))
        products = []
        for weights, pairs in [(names, [(0, 1), (2, 3), (4, 5)]), (half, [(0, 3), (1, 4), (2, 5)])]:
            queries, keys = ((weights[f"l.0.{name}_proj.weight"].astype(float) @ v).reshape(-1, dim) for name, v in (("q", x), ("k", y)))
            products.append(rotated(queries, [5.0, 0.5, 0.05], pairs) @ rotated(keys, [3.0, 0.3, 0.03], pairs).T)
        np.testing.assert_allclose(products[0], products[1], rtol=1e-12)

        self.convert("h.npz --permute-qk '*.q_proj.*=4' --permute-qk '*k_proj*=2' --from-layout half --layout interleaved -o back.npz")
        self.same("back.npz", "w.npz")
        self.convert("w.npz:l.0.q_proj.weight --permute-qk 4 --rotary-dim 4 --from-layout interleaved --layout half -o part.npz")
        rows = [h * 6 + i for h in range(4) for i in (0, 2, 1, 3, 4, 5)]
        self.assertEqual(self.arrays("part.npz")["l.0.q_proj.weight"].tobytes(), q[rows].tobytes())

    def test_weights_that_do_not_fit_are_refused(self):
        np.savez(self.folder / "w.npz", q=np.ones((12, 2)), k=np.ones((6, 2)))
        half = "--from-layout interleaved --layout half -o x.npz"
        self.bad(f"convert w.npz --permute-qk 2 {half}", 2,
                 "convert: --permute-qk 2: w.npz holds 2 tensors; which? --permute-qk TENSOR=2, or w.npz:TENSOR")
        self.bad(f"convert w.npz:q --permute-qk 4 {half}", 2, "convert: q is 12x2: its 12 rows are not 4 heads of an even size; nearest: 3, 6")
        self.bad(f"convert w.npz --permute-qk v=2 {half}", 2, "convert: --permute-qk v=2: w.npz holds no tensor v; nearest: q")
        self.bad(f"convert w.npz --permute-qk q=2 --permute-qk '*=1' {half}", 2, "convert: --permute-qk *=1: q is permuted already")
        self.bad(f"convert w.npz:q --permute-qk none {half}", 2, "convert: --permute-qk: heads none is not a whole number in 1..1048576")
        self.bad(f"convert w.npz:q --permute-qk 2 --rotary-dim 8 {half}", 2,
                 "convert: 8 of the 6 columns of a head of q cannot rotate: an even number of them can")
        needs = ("convert: --permute-qk needs --from-layout interleaved --layout half (Meta to Hugging Face), or --from-layout half "
                 "--layout interleaved")
        for layouts in ["", "--layout half", "--from-layout half --layout half", "--from-layout complex --layout half"]:
            self.bad(f"convert w.npz:q --permute-qk 2 {layouts} -o x.npz", 2, needs)

    def test_every_target_gets_its_shape_names_and_type(self):
        self.good("rope --head-dim 32 --length 20 --layout half --dtype f64 -o r.npz")
        r = {key: array.astype(np.float32) for key, array in self.arrays("r.npz").items()}
        cos, sin = r["cos"][:, :16], r["sin"][:, :16]
        want = {"ort": {"cos_cache": cos, "sin_cache": sin}, "onnx": {"cos_cache": cos, "sin_cache": sin}, "trt": {"cosCache": cos, "sinCache": sin},
                "trtllm": {"rotary_cos_sin": np.stack([cos, sin], axis=-1).reshape(1, -1)},
                "vllm": {"cos_sin_cache": np.concatenate([cos, sin], axis=1)},
                "hf": {"cos": r["cos"][None], "sin": r["sin"][None]}, "ggml": {"rope_freqs.weight": np.ones(16, np.float32)}}
        settings = {"ort": "interleaved=0 (GroupQueryAttention: do_rotary=1 rotary_interleaved=0)", "onnx": "interleaved=0",
                    "trt": "setInterleaved(false)", "trtllm": "PositionEmbeddingType.rope_gpt_neox", "vllm": "is_neox_style=True", "hf": "none",
                    "ggml": "LLAMA_ROPE_TYPE_NEOX, which the architecture chooses"}
        for target, arrays in want.items():
            said = self.convert(f"r.npz --target {target} -o t.npz")
            self.assertEqual({key: (a.shape, a.dtype, a.tobytes()) for key, a in self.arrays("t.npz").items()},
                             {key: (a.shape, a.dtype, a.tobytes()) for key, a in arrays.items()})
            setting = f"{settings[target]}, as columns i and i+16 of a head turn together"
            self.assertTrue(said[0].endswith(f"; its setting is {setting}"), said)
            step = self.meta("t.npz")["converted"][-1]["target"]
            self.assertEqual((step["name"], step["setting"]), (target, setting))
            self.assertTrue(step["reference"] and step["runtime"])

    def test_a_target_says_what_else_its_runtime_must_know(self):
        self.good("rope --like gptj --head-dim 80 --length 4 --prefix-tokens 1 -o j.npz")
        said = self.convert("j.npz --target ort -o t.npz")
        self.assertEqual(said[0], "convert: ort gets cos_cache 5x10 f32 and sin_cache 5x10 f32; its setting is interleaved=1 (GroupQueryAttention: "
                         "do_rotary=1 rotary_interleaved=1), as columns 2i and 2i+1 of a head turn together; rotary_embedding_dim=20: "
                         "the other 60 of a head stay")
        self.assertIn("convert: ort has no place for inv_freq: left out", said)
        self.assertIn("convert: 10 columns are not a multiple of 8, which GroupQueryAttention on CUDA needs", said)
        self.assertIn("convert: ort takes row p for position p, which it need not be here (prefix-tokens 1): give it row numbers as positions", said)
        self.assertIn("--permute-qk HEADS --from-layout interleaved --layout half", self.convert("j.npz --target hf -o t.npz")[0])
        np.savez(self.folder / "c.npz", cos=np.ones((4, 8), np.float16), sin=np.zeros((4, 8), np.float16))
        said = self.convert("c.npz --from-layout compact --target vllm -o t.npz")
        self.assertEqual(said, ["convert: vllm gets cos_sin_cache 4x16 f16; its setting is is_neox_style=True where the weights were made for "
                                "columns i and i+8 of a head that turn together, is_neox_style=False where for 2i and 2i+1"])
        self.assertEqual(self.convert("c.npz --from-layout compact --target vllm -o t.npz --quiet"), [])

    def test_a_flattened_table_is_not_taken_for_one_row(self):
        self.good("rope --head-dim 8 --length 3 -o r.npz")
        self.convert("r.npz --target trtllm -o t.npz")
        self.assertEqual(self.meta("t.npz")["parameters"]["layout"], "pairs, flattened")
        done = self.run_words("convert t.npz --layout half -o x.npz")
        self.assertEqual(done.returncode, 2)

    def test_frequency_factors_are_those_of_llama_cpp(self):
        self.good("rope --like llama3.1 --head-dim 64 --length 2 -o r.npz")
        self.convert("r.npz --target ggml -o g.npz")
        want = []
        for freq in 500000.0 ** (-np.arange(0, 64, 2) / 64):        # as convert_hf_to_gguf.py computes them
            wavelength = 2 * np.pi / freq
            smooth = (8192 / wavelength - 1) / (4 - 1)
            want.append(1 if wavelength < 8192 / 4 else 8 if wavelength > 8192 else 1 / ((1 - smooth) / 8 + smooth))
        found = self.arrays("g.npz")["rope_freqs.weight"]
        np.testing.assert_allclose(found, want, rtol=1e-7)
        self.assertEqual((set(found[:10]), set(found[-10:])), ({np.float32(1)}, {np.float32(8)}))   # exactly, though inv_freq is rounded
        np.savez(self.folder / "w.npz", inv_freq=self.arrays("r.npz")["inv_freq"])
        self.bad("convert w.npz --target ggml -o x.npz", 2, "convert: w.npz does not say the base of its frequencies; --base X says it")
        self.convert("w.npz --target ggml --base 500000 -o x.npz")
        np.testing.assert_allclose(self.arrays("x.npz")["rope_freqs.weight"], found, rtol=2e-7)
        self.good("rope --head-dim 16 --scaling yarn --factor 8 --original-length 64 --length 2 -o y.npz")
        self.assertIn("convert: rope.scaling.attn_factor = 1.2079441541679836: factors of frequencies do not hold the attention factor",
                      self.convert("y.npz --target ggml -o x.npz"))
        self.good("rope2d --head-dim 16 --grid 2 -o d.npz")
        self.bad("convert d.npz --target ggml -o x.npz", 2,
                 "convert: --target ggml: factors are of base^(-2i/R), the frequencies of rope and mrope; d.npz is of rope2d")

    def test_what_a_target_does_not_take_is_refused(self):
        self.good("rope --head-dim 8 --length 3 -o r.npz")
        self.bad("convert r.npz --target otr -o x.npz", 2, "convert: --target otr is none of ort, onnx, trt, trtllm, vllm, hf, ggml; nearest: ort")
        self.bad("convert r.npz --target ort --layout half -o x.npz", 2, "convert: --layout does not go with --target, which has its own")
        self.bad("convert r.npz --target ort --dtype f64 -o x.npz", 2,
                 "convert: --dtype f64 does not go with --target ort, which takes f32, f16, bf16")
        self.bad("convert r.npz --target trtllm --dtype f16 -o x.npz", 2, "convert: --dtype f16 does not go with --target trtllm, which takes f32")
        self.bad("convert r.npz --target ggml --dtype f16 -o x.npz", 2, "convert: --dtype f16 does not go with --target ggml, which takes f32")
        self.bad("convert r.npz --target ort --permute-qk 2 -o x.npz", 2,
                 "convert: --permute-qk does not go with --target: one is for weights, the other for tables")
        self.bad("convert r.npz:cos --target ort -o x.npz", 2, "convert: --target ort needs cos and sin; only cos is there")
        self.good("rope-mixed --head-dim 8 --grid 2 --depth 2 --heads 2 -o m.npz")
        self.bad("convert m.npz --target ort -o x.npz", 2, "convert: --target ort takes [N, columns] tables; cos is 2x2x4x4")
        self.convert("r.npz --target ort --dtype f16 -o x.npz")
        self.assertEqual(self.arrays("x.npz")["cos_cache"].dtype, np.float16)

    def test_an_option_of_convert_without_effect_is_refused(self):
        self.good("rope --head-dim 8 --length 3 -o r.npz")
        self.bad("convert", 2, "convert: which table? pe-gen convert FILE[:TENSOR] ... -o FILE")
        self.bad("convert r.npz", 2, "convert: where to? -o FILE.safetensors, or --format npz")
        self.bad("convert r.npz --plot table", 2, "convert: where to? -o FILE.safetensors, or --format npz")
        self.bad("convert r.npz --from-layout half -o x.npz", 2, "convert: --from-layout counts only with --layout or --target")
        self.bad("convert r.npz --cos cos -o x.npz", 2,
                 "convert: --cos and --sin count only where a rotary table is converted: with --layout, or a --target but ggml")
        self.bad("convert r.npz --base 10 -o x.npz", 2, "convert: --base counts only with --target ggml")
        self.bad("convert r.npz --base 0 --target ggml -o x.npz", 2, "convert: --base 0 is not in 1e-06..1e+18")
        self.bad("convert r.npz --rotary-dim 4 -o x.npz", 2, "convert: --rotary-dim counts only with --permute-qk")
        self.bad("convert r.npz --from-layout half --target ggml -o x.npz", 2,
                 "convert: --from-layout does not go with --target ggml, which reads inv_freq")
        self.bad("convert missing.npz -o x.npz", 3, "missing.npz: cannot be read: No such file or directory")

    def test_a_conversion_may_replace_its_source_and_go_through_pipes(self):
        self.good("rope --head-dim 8 --length 3 -o r.npz")
        before = self.arrays("r.npz")
        self.convert("r.npz --layout joined -o r.npz")
        self.convert("r.npz --layout half -o r.npz")
        self.assertEqual({key: a.tobytes() for key, a in self.arrays("r.npz").items()}, {key: a.tobytes() for key, a in before.items()})
        piped = self.run_words("convert r.npz:cos -o - --format npy -q").stdout
        self.good("convert - --dtype f16 -o cos.npz", input=piped)
        self.assertEqual(list(self.arrays("cos.npz")), ["table"])

    def test_memory_stays_bounded_while_a_large_table_changes_its_layout(self):
        rows = 10000 if SANITIZED else 300000
        self.good(f"rope --head-dim 128 --length {rows} -o r.npz -q")   # 300 MB
        for options in ["--layout complex --dtype f64", "--target vllm", "--dtype f16"]:
            process = subprocess.Popen([BINARY, "convert", "r.npz", *options.split(), "-o", "x.npz", "-q"], cwd=self.folder)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            self.assertEqual(status, 0)
            self.assertLess(usage.ru_maxrss / 1024, 1000 if SANITIZED else 80, options)


class Compare(Cli):
    def test_tables_that_differ_in_layout_are_different_and_it_is_named(self):
        self.good("rope --head-dim 4 --length 3 -o half.npz -o half.cos.csv --tensor cos -q")
        self.good("rope --head-dim 4 --length 3 --layout interleaved --tensor cos -o pairs.npz -q")
        done = self.run_words("compare half.npz pairs.npz")
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        self.assertEqual(done.stdout.decode(), """\
A  half.npz   cos  3x4  f32
B  pairs.npz  cos  3x4  f32
different: 66.7 % of 12 values are equal
                   difference         at      A        B
largest            1.416              [2, 1]  0.9998   -0.41614684
relative to B      3.403              [2, 1]  0.9998   -0.41614684
in the last place  2119500824 of f32  [2, 1]  0.9998   -0.41614684
first, in row 1    0.4596             [1, 1]  0.99995  0.5403023
rows that differ 2 of 3
cosine similarity 0.751805406
equal when the columns of B are taken from pairs to halves, even ones first, then odd ones
  B follows --layout interleaved, A half
""")

    def test_equal_tables_return_0_and_limits_make_tables_equal(self):
        self.good("sincos1d --dim 8 --length 9 -o a.npy -q")
        self.assertEqual(self.good("compare a.npy a.npy"), "A  a.npy  table  9x8  f32\nB  a.npy  table  9x8  f32\nequal: all 72 values\n")
        self.good("sincos1d --dim 8 --length 9 --dtype f16 -o b.npy -q")
        exact = self.run_words("compare a.npy b.npy")
        self.assertEqual(exact.returncode, 1)
        self.assertTrue(exact.stdout.decode().endswith("B is A rounded to f16\n"), exact.stdout)
        for words in ["--ulp 0", "--atol 0.001", "--rtol 0.001", "--atol 1e-09 --rtol 0.001"]:
            self.assertIn(f"equal within {words}: ", self.good(f"compare a.npy b.npy {words}"))
        a, b = np.load(self.folder / "a.npy"), np.load(self.folder / "b.npy").astype(np.float64)
        for atol, rtol in [(1e-4, 0), (2.5e-4, 0), (0, 4e-4), (0, 5e-4), (1e-4, 1e-4)]:
            code = self.run_words(f"compare a.npy b.npy --atol {atol} --rtol {rtol} -q").returncode
            self.assertEqual(code == 0, np.allclose(a.astype(np.float64), b, atol=atol, rtol=rtol), (atol, rtol))

    def test_json_says_the_same_and_quiet_nothing(self):
        np.save(self.folder / "a.npy", np.array([[2**60 + 1, 3], [5, 7]]))
        np.save(self.folder / "b.npy", np.array([[2**60 + 3, 3], [5, 7]]))
        done = self.run_words("compare a.npy b.npy --json")
        self.assertEqual(done.returncode, 1)
        said = json.loads(done.stdout)
        self.assertEqual(said["largest"]["absolute"], {"difference": 2, "index": [0, 0], "a": 2**60 + 1, "b": 2**60 + 3})
        self.assertEqual((said["equal"], said["values"], said["equal_values"], said["first"]["row"]), (False, 4, 3, 0))
        quiet = self.run_words("compare a.npy b.npy --quiet")
        self.assertEqual((quiet.returncode, quiet.stdout, quiet.stderr), (1, b"", b""))

    def test_other_shapes_are_different_and_what_they_have_in_common_is_found(self):
        self.good("sincos2d --dim 16 --grid 3x4 --prefix-tokens 1 --batch-dim -o a.npy -q")
        self.good("sincos2d --dim 16 --grid 3x4 --axes hw -o b.npy -q")
        done = self.run_words("compare a.npy b.npy")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.decode().splitlines()[2:4],
                         ["different: the shapes are 1x13x16 and 12x16",
                          "equal when axes of size 1 are left out, then the first row of A is left out, then the two halves of B's columns are swapped"])
        refused = self.run_words("compare a.npy b.npy -o d.npy")
        self.assertEqual((refused.returncode, refused.stderr), (1, b"compare: nothing is written: 1x13x16 and 12x16 cannot be subtracted\n"))
        self.assertFalse((self.folder / "d.npy").exists())

    def test_the_difference_is_written_and_drawn(self):
        self.good("sincos2d --dim 16 --grid 3x4 -o a.npy -q")
        self.good("sincos2d --dim 16 --grid 3x4 --axes hw -o b.npy -q")
        self.assertEqual(self.run_words("compare a.npy b.npy -o d.npy -o d.png").returncode, 1)
        a, b, d = (np.load(self.folder / f"{name}.npy") for name in "abd")
        self.assertTrue((d == a.astype(np.float64) - b).all())
        self.assertEqual(subprocess.run(["pngcheck", self.folder / "d.png"], capture_output=True).returncode, 0)
        self.run_words("compare a.npy b.npy --plot difference")
        self.assertIn("a-minus-b.difference.png", self.files())

    def test_input_that_cannot_be_compared_gets_one_line(self):
        np.save(self.folder / "a.npy", np.ones((3, 4)))
        (self.folder / "cut.npy").write_bytes((self.folder / "a.npy").read_bytes()[:100])
        np.savez(self.folder / "two.npz", a=np.ones(2), b=np.ones(2))
        self.bad("compare a.npy", 2, "compare: which tables? pe-gen compare FILE[:TENSOR] FILE[:TENSOR]")
        self.bad("compare a.npy missing.npy", 3, "missing.npy: cannot be read: No such file or directory")
        self.bad("compare a.npy cut.npy", 4, "cut.npy: not a valid .npy: it ends inside the header")
        self.bad("compare a.npy two.npz", 2, "compare: two.npz: it holds 2 tensors; choose one as two.npz:a")
        self.bad("compare - -", 2, "compare: - and -: standard input holds one table")
        self.bad("compare a.npy a.npy --ulp 1.5", 2, "compare: --ulp 1.5 is not a whole number in 0..9007199254740992")
        self.bad("compare a.npy a.npy --atol -1", 2, "compare: --atol -1 is less than 0")
        self.bad("compare a.npy a.npy --grid 5x5", 2, "compare: --grid 5x5 has 25 cells; a.npy has 3 rows")
        self.bad("compare a.npy a.npy --colormap magma", 2, "compare: options of figures change nothing without -o FILE.png or --plot difference")
        self.bad("compare a.npy a.npy --dry-run", 2, "compare: --dry-run changes nothing without -o or --plot: no file is written")
        self.bad("compare a.npy a.npy -o d.xyz", 2, "compare: -o d.xyz names no format; its extension can be .png, .bin, .csv, .gguf, .h, .json, .npy, .npz, "
                 ".onnx, .safetensors, or give --format")
        self.bad("plot a.npy --plot difference", 2, "plot: difference draws what pe-gen compare A B makes, A - B; table is one table")


counted.main()
