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

    def test_a_file_too_large_for_its_limit_leaves_the_old_one(self):
        (self.folder / "t.npy").write_text("old")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
        self.bad("sincos1d -o t.npy -o u.npy", 3, "t.npy: cannot be written: File too large", preexec_fn=limit)
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


def main():
    program = unittest.main(argv=[sys.argv[0]], exit=False, verbosity=1)
    result = program.result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)


main()
