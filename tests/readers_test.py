#!/usr/bin/python3
"""What pe-gen writes, opened by the libraries that its users have, and what those write, read by pe-gen; every value bit for bit.

readers_test.py PE_GEN FOLDER: the JavaScript libraries are in FOLDER, where readers/install.sh puts them. Ends with "N passed, N failed".
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import counted
import numpy as np
import onnx
import onnx.numpy_helper
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "readers"))
import layouts  # noqa: E402

BINARY = os.path.abspath(sys.argv[1])
LIBRARIES = os.path.abspath(sys.argv[2])
SCRIPT = pathlib.Path(__file__).resolve().parent / "readers/libraries.mjs"

# pe-gen's types as numpy has them, little-endian
NUMPY = {"f64": "<f8", "f32": "<f4", "f16": "<f2", "i64": "<i8", "i32": "<i4", "i16": "<i2", "i8": "|i1", "u64": "<u8", "u32": "<u4", "u16": "<u2",
         "u8": "|u1", "bool": "|b1", "c64": "<c8", "c128": "<c16"}
SHAPES = [(), (1,), (7,), (2, 3), (3, 1), (5, 2, 3), (2, 3, 1, 4)]
ROPE = "rope --head-dim 16 --length 5"          # cos and sin [5, 16], inv_freq [8]
SWIN = "swin --window 2x3 --heads 2"            # an index of i64 and two tables of f32


def sample(dtype, shape):
    """Random bits: every whole number, infinities, NaNs with payloads and subnormal numbers may come."""
    random = np.random.RandomState(len(shape) + sum(map(ord, dtype)))
    size = layouts.size_in_bytes(dtype, shape)
    data = np.frombuffer(random.bytes(size), "u1")
    return (data & 1 if dtype == "bool" else data).view(NUMPY[dtype]).reshape(shape)


def samples(shapes=SHAPES):
    return [sample(dtype, shape) for dtype in NUMPY for shape in shapes]


def dtype_of(array):
    return next(name for name, descr in NUMPY.items() if np.dtype(descr) == array.dtype)


class Readers(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def pe_gen(self, *words):
        done = subprocess.run([BINARY, *words], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, (words, done.stderr))
        return done.stdout

    def run_words(self, words):
        return self.pe_gen(*words.split())

    def bytes_of(self, name):
        return (self.folder / name).read_bytes()

    def write(self, name, data):
        (self.folder / name).write_bytes(data)
        return name

    def written(self, array, name):
        """The file that pe-gen makes of an array."""
        np.save(self.folder / "array.npy", array)
        self.pe_gen("plot", "array.npy", "--plot", "none", "-o", name)
        return name

    def expect_read(self, file, dtype, shape, data):
        """pe-gen finds this tensor in FILE or FILE:TENSOR."""
        listed = json.loads(self.pe_gen("plot", file, "--plot", "none", "--json", "-o", "read.bin"))
        found, found_shape = listed[0]["contents"].split(" ")[-1], listed[0]["contents"].split(" ")[-2]
        self.assertEqual((found, found_shape), (dtype, "x".join(map(str, shape)) or "scalar"), file)
        self.assertTrue(self.bytes_of("read.bin") == data, (file, dtype, shape))

    def javascript(self, jobs):
        """The results of jobs, in which paths are names in this folder; none may fail."""
        done = subprocess.run(["node", SCRIPT, LIBRARIES], cwd=self.folder, input=json.dumps(jobs), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        results = json.loads(done.stdout)
        for job, result in zip(jobs, results):
            self.assertNotIn("error", result, job)
        return results

    def tables(self, words, names):
        """The tensors of a scheme by name, each from its own .npy."""
        for name in names:
            self.pe_gen(*words.split(), "--tensor", name, "-o", f"{name}.only.npy")
        return {name: np.load(self.folder / f"{name}.only.npy") for name in names}


class Numpy(Readers):
    def test_npy_of_every_type_and_shape_is_the_file_that_numpy_writes(self):
        for array in samples():
            self.written(array, "t.npy")
            self.assertTrue(self.bytes_of("t.npy") == self.bytes_of("array.npy"), (array.dtype, array.shape))
            self.assertEqual(np.load(self.folder / "t.npy", mmap_mode="r").shape, array.shape)

    def test_npz_has_every_tensor_under_its_name(self):
        self.run_words(f"{SWIN} -o swin.npz")
        names = ["relative_position_index", "relative_position_bias_table", "relative_position_bias"]
        with np.load(self.folder / "swin.npz") as archive:
            for name, table in self.tables(SWIN, names).items():
                self.assertEqual((archive[name].dtype, archive[name].tobytes()), (table.dtype, table.tobytes()))

    def test_bin_is_fromfile_with_the_type_and_shape_of_the_description(self):
        for array in samples():
            self.written(array, "t.bin")
            found = np.fromfile(self.folder / "t.bin", array.dtype).reshape(array.shape)
            self.assertTrue(found.tobytes() == array.tobytes(), (array.dtype, array.shape))
        self.run_words("sincos2d --dim 8 --grid 2x3 --format bin --plot none")
        tensor = json.loads(self.bytes_of("sincos2d-8-2x3.meta.json"))["tensors"][0]
        table = np.fromfile(self.folder / "sincos2d-8-2x3.bin", NUMPY[tensor["dtype"]]).reshape(tensor["shape"])
        self.run_words("sincos2d --dim 8 --grid 2x3 -o t.npy")
        self.assertTrue(np.array_equal(table, np.load(self.folder / "t.npy")))

    def test_text_parses_back_to_the_same_bits(self):
        for dtype in ["f64", "f32", "f16"]:
            self.run_words(f"sincos2d --dim 8 --grid 3x5 --dtype {dtype} -o t.npy -o t.csv -o t.json")
            table = np.load(self.folder / "t.npy")
            self.assertTrue(np.loadtxt(self.folder / "t.csv", delimiter=",").astype(table.dtype).tobytes() == table.tobytes())
            values = json.loads(self.bytes_of("t.json"))["tensors"][0]["values"]
            self.assertTrue(np.array(values).astype(table.dtype).tobytes() == table.tobytes())

    def test_npy_by_numpy_is_read_in_every_type_order_and_byte_order(self):
        for dtype in NUMPY:
            array = sample(dtype, (3, 5, 2))
            swapped = array.astype(array.dtype.newbyteorder(">"))
            for variant in [array, np.asfortranarray(array), swapped, np.asfortranarray(swapped), array[::2, ::-1]]:
                np.save(self.folder / "t.npy", variant)
                expected = np.ascontiguousarray(variant).astype(array.dtype)
                self.expect_read("t.npy", dtype, expected.shape, expected.tobytes())

    def test_npy_by_numpy_is_read_in_every_shape_and_version(self):
        for shape in SHAPES:
            array = sample("f32", shape)
            for version in [(1, 0), (2, 0), (3, 0)]:
                with open(self.folder / "t.npy", "wb") as file:
                    np.lib.format.write_array(file, array, version=version)
                self.expect_read("t.npy", "f32", shape, array.tobytes())

    def test_npz_by_numpy_is_read_stored_and_compressed(self):
        arrays = {dtype: sample(dtype, (4, 3)) for dtype in NUMPY}
        for save in [np.savez, np.savez_compressed]:
            save(self.folder / "t.npz", **arrays, transposed=np.asfortranarray(arrays["f32"]))
            for name, array in arrays.items():
                self.expect_read(f"t.npz:{name}", name, array.shape, array.tobytes())
            self.expect_read("t.npz:transposed", "f32", (4, 3), arrays["f32"].tobytes())
        np.savez(self.folder / "t.npz", arrays["f16"])
        self.expect_read("t.npz", "f16", (4, 3), arrays["f16"].tobytes())


class Torch(Readers):
    def frombuffer(self, data, dtype, shape):
        return torch.frombuffer(bytearray(data), dtype=dtype).reshape(shape)

    def test_npy_becomes_a_tensor_without_a_copy(self):
        for dtype in ["f64", "f32", "f16", "i64", "i32", "i16", "i8", "u8", "bool", "c64", "c128"]:
            array = sample(dtype, (5, 3))
            tensor = torch.from_numpy(np.load(self.folder / self.written(array, "t.npy")))
            self.assertTrue(tensor.numpy().tobytes() == array.tobytes(), dtype)

    def test_bin_of_every_floating_type_is_what_torch_rounds_to(self):
        exact = torch.arange(1000, 1600, dtype=torch.float64).reshape(-1, 1)   # has more bits than bf16 holds, and ties
        for dtype, wanted in [("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)]:
            self.run_words(f"index --start 1000 --length 600 --dtype {dtype} -o t.bin")
            tensor = self.frombuffer(self.bytes_of("t.bin"), wanted, (600, 1))
            self.assertTrue(torch.equal(tensor, exact.to(wanted)), dtype)

    def test_safetensors_data_are_torchs_elements(self):
        self.run_words(f"{ROPE} --dtype bf16 -o t.safetensors")
        _, tensors = layouts.read_safetensors(self.bytes_of("t.safetensors"))
        for name, table in self.tables(f"{ROPE} --dtype bf16", tensors).items():   # .npy holds the rounded values as f32
            dtype, shape, data = tensors[name]
            found = self.frombuffer(data, {"bf16": torch.bfloat16, "f32": torch.float32}[dtype], shape)
            self.assertTrue(torch.equal(found.to(torch.float32), torch.from_numpy(table)), name)
        self.assertEqual(tensors["cos"][0], "bf16")

    def test_tensors_saved_through_numpy_are_read(self):
        torch.manual_seed(1)
        normal = torch.randn(6, 4)
        for tensor, dtype in [(normal, "f32"), (normal.double(), "f64"), (normal.half(), "f16"), (normal.to(torch.bfloat16).view(torch.int16), "i16"),
                              (normal.t(), "f32"), (normal > 0, "bool"), ((normal * 100).to(torch.uint8), "u8"),
                              (torch.complex(normal, normal), "c64"), (torch.arange(5), "i64")]:
            np.save(self.folder / "t.npy", tensor.numpy())
            self.expect_read("t.npy", dtype, tuple(tensor.shape), tensor.contiguous().numpy().tobytes())

    def test_bf16_saved_as_the_two_byte_voids_of_ml_dtypes_is_read(self):
        bits = torch.randn(6, 4).to(torch.bfloat16).view(torch.int16).numpy()
        np.save(self.folder / "t.npy", bits.view("V2"))
        self.expect_read("t.npy", "bf16", (6, 4), bits.tobytes())

    def test_bf16_of_torch_comes_through_safetensors_and_gguf(self):
        bits = torch.randn(6, 4).to(torch.bfloat16).view(torch.int16).numpy().tobytes()
        self.write("t.safetensors", layouts.write_safetensors({"w": ("bf16", (6, 4), bits)}))
        self.expect_read("t.safetensors", "bf16", (6, 4), bits)
        self.write("t.gguf", layouts.write_gguf({"w": ("bf16", (6, 4), bits)}, {}))
        self.expect_read("t.gguf", "bf16", (6, 4), bits)


class Safetensors(Readers):
    def test_every_type_and_shape_follows_the_rules_of_the_reference(self):
        for array in samples():
            dtype = dtype_of(array)
            if dtype == "c128":   # which it has not
                continue
            self.written(array, "t.safetensors")
            _, tensors = layouts.read_safetensors(self.bytes_of("t.safetensors"))
            self.assertEqual(list(tensors.values()), [(dtype, array.shape, array.tobytes())])

    def test_several_tensors_are_in_the_order_of_the_reference_with_an_aligned_header(self):
        names = ["relative_position_index", "relative_position_bias", "relative_position_bias_table"]   # i64 first, then by name
        self.run_words(f"{SWIN} -o t.safetensors")
        data = self.bytes_of("t.safetensors")
        metadata, tensors = layouts.read_safetensors(data)
        self.assertEqual(list(tensors), names)
        self.assertEqual((8 + int.from_bytes(data[:8], "little")) % 8, 0)
        for name, table in self.tables(SWIN, names).items():
            self.assertEqual(tensors[name], (dtype_of(table), table.shape, table.tobytes()))
        self.assertEqual((metadata["format"], metadata["scheme"]), ("pt", "swin"))
        self.assertEqual({tensor["name"] for tensor in json.loads(metadata["description"])["tensors"]}, set(names))

    def test_files_by_the_rules_of_the_reference_are_read(self):
        arrays = {f"{dtype} {len(shape)}": sample(dtype, shape) for dtype in NUMPY if dtype != "c128" for shape in SHAPES}
        tensors = {name: (dtype_of(array), array.shape, array.tobytes()) for name, array in arrays.items()}
        tensors["bf16"] = ("bf16", (2, 2), bytes(range(8)))
        for padded in [True, False]:   # MLX does not pad
            for metadata in [None, {"format": "pt", "n": "1"}]:
                self.write("t.safetensors", layouts.write_safetensors(tensors, metadata, padded))
                layouts.read_safetensors(self.bytes_of("t.safetensors"))
                for name, (dtype, shape, data) in tensors.items():
                    if padded or dtype in ["f32", "bf16"]:
                        self.expect_read(f"t.safetensors:{name}", dtype, shape, data)

    def test_a_header_of_any_length_moves_the_values_off_their_alignment(self):
        for length in range(8):
            self.write("t.safetensors", layouts.write_safetensors({"x" * (length + 1): ("f64", (3,), bytes(range(24)))}, padded=False))
            self.expect_read("t.safetensors", "f64", (3,), bytes(range(24)))


class Gguf(Readers):
    def parsed(self, name):
        """The tensors of a file as @huggingface/gguf finds them, with their bytes; what llama.cpp asks for is checked."""
        result, = self.javascript([{"do": "gguf.parse", "path": name}])
        data, start = self.bytes_of(name), int(result["dataOffset"])
        self.assertTrue(result["littleEndian"])
        self.assertEqual(start % 32, 0)
        types = {number: dtype for dtype, number in layouts.GGML_TYPES.items()}
        tensors, end = {}, 0
        for tensor in result["tensors"]:
            dtype, shape = types[tensor["type"]], tuple(int(size) for size in reversed(tensor["shape"]))
            self.assertEqual(int(tensor["offset"]), end, "offsets are the running sum of padded sizes")
            size = layouts.size_in_bytes(dtype, shape)
            tensors[tensor["name"]] = (dtype, shape, data[start + end:start + end + size])
            self.assertEqual(set(data[start + end + size:start + end + size + -size % 32]) - {0}, set())
            end += size + -size % 32
        self.assertEqual(start + end, len(data), "the last tensor is padded as well")
        return result["metadata"], tensors

    def test_every_type_that_ggml_has_keeps_its_bytes(self):
        for dtype in ["f64", "f32", "f16", "i64", "i32", "i16", "i8"]:
            for shape in [(), (7,), (5, 2, 3), (2, 3, 1, 4)]:
                array = sample(dtype, shape)
                _, tensors = self.parsed(self.written(array, "t.gguf"))
                self.assertEqual(list(tensors.values()), [(dtype, shape, array.tobytes())])

    def test_types_that_ggml_has_not_stand_in_a_larger_one(self):
        for dtype, stored in [("bool", "i8"), ("u8", "i16"), ("u16", "i32"), ("u32", "i64")]:
            array = sample(dtype, (5, 3))
            _, tensors = self.parsed(self.written(array, "t.gguf"))
            self.assertEqual(list(tensors.values()), [(stored, (5, 3), array.astype(NUMPY[stored]).tobytes())])

    def test_several_tensors_and_the_description_are_found(self):
        names = ["cos", "sin", "inv_freq"]
        self.run_words(f"{ROPE} -o t.gguf")
        metadata, tensors = self.parsed("t.gguf")
        self.assertEqual(sorted(tensors), sorted(names))
        for name, table in self.tables(ROPE, names).items():
            self.assertEqual(tensors[name], ("f32", table.shape, table.tobytes()))
        self.assertEqual((metadata["pe_gen.scheme"]["value"], metadata["general.name"]["value"]), ("rope", "rope"))
        self.assertEqual([tensor["name"] for tensor in json.loads(metadata["pe_gen.description"]["value"])["tensors"]], names)
        self.run_words(f"{ROPE} --dtype bf16 -o t.gguf -o t.npz")
        self.assertEqual(self.parsed("t.gguf")[1]["cos"][0], "bf16")

    def test_files_by_the_specification_are_read(self):
        values = {"general.architecture": ("string", "llama"), "general.name": ("string", "täst"), "a.u8": ("u8", 200), "a.i8": ("i8", -3),
                  "a.u16": ("u16", 60000), "a.i16": ("i16", -30000), "a.u32": ("u32", 4_000_000_000), "a.i32": ("i32", -5), "a.f32": ("f32", 0.5),
                  "a.bool": ("bool", True), "a.u64": ("u64", 1 << 63), "a.i64": ("i64", -1), "a.f64": ("f64", 1e300),
                  "a.tokens": ("array", ("string", ["a", "", "ccc"])), "a.scores": ("array", ("f32", [0.5, -1.0])), "a.none": ("array", ("i32", []))}
        arrays = {f"blk.{i}.{dtype}": sample(dtype, shape)
                  for dtype in layouts.GGML_TYPES if dtype != "bf16" for i, shape in enumerate([(5,), (3, 7), (2, 3, 5), (2, 1, 3, 4)])}
        tensors = {name: (dtype_of(array), array.shape, array.tobytes()) for name, array in arrays.items()}
        for alignment in [32, 64, 8]:
            self.write("t.gguf", layouts.write_gguf(tensors, values, alignment))
            for name, (dtype, shape, data) in tensors.items():
                self.expect_read(f"t.gguf:{name}", dtype, shape, data)

    def test_a_header_that_the_library_has_written_is_read(self):
        self.run_words(f"{ROPE} -o t.gguf")
        self.javascript([{"do": "gguf.rewrite", "path": "t.gguf", "to": "u.gguf", "key": "general.name", "value": "rewritten"}])
        self.assertNotEqual(self.bytes_of("u.gguf"), self.bytes_of("t.gguf"))
        for name, table in self.tables(ROPE, ["cos", "sin", "inv_freq"]).items():
            self.expect_read(f"u.gguf:{name}", "f32", table.shape, table.tobytes())


class Onnx(Readers):
    def test_onnxruntime_returns_every_type_that_javascript_has(self):
        types = {"f64": "float64", "f32": "float32", "f16": "float16", "i64": "int64", "i32": "int32", "i16": "int16", "i8": "int8", "u64": "uint64",
                 "u32": "uint32", "u16": "uint16", "u8": "uint8", "bool": "bool"}
        arrays = [sample(dtype, shape) for dtype in types for shape in SHAPES]
        results = self.javascript([{"do": "onnxruntime.run", "path": self.written(array, f"{i}.onnx")} for i, array in enumerate(arrays)])
        for array, result in zip(arrays, results):
            tensor, = result["tensors"]
            self.assertEqual((tensor["type"], tuple(tensor["shape"])), (types[dtype_of(array)], array.shape))
            self.assertTrue(base64.b64decode(tensor["data"]) == array.tobytes(), (array.dtype, array.shape))

    def test_several_tensors_are_outputs_of_their_names_without_inputs(self):
        self.run_words(f"{SWIN} -o t.onnx")
        result, = self.javascript([{"do": "onnxruntime.run", "path": "t.onnx"}])
        self.assertEqual(result["inputs"], [])
        found = {tensor["name"]: (tuple(tensor["shape"]), base64.b64decode(tensor["data"])) for tensor in result["tensors"]}
        tables = self.tables(SWIN, ["relative_position_index", "relative_position_bias_table", "relative_position_bias"])
        self.assertEqual(found, {name: (table.shape, table.tobytes()) for name, table in tables.items()})

    def test_onnxruntime_computes_with_bf16(self):
        self.run_words("sincos1d --length 9 --dim 6 --dtype bf16 -o t.onnx -o t.npy")
        model = onnx.load(self.folder / "t.onnx")   # JavaScript has no such numbers: their f32 is asked for
        model.graph.node.append(onnx.helper.make_node("Cast", ["pos_embed"], ["as_f32"], to=onnx.TensorProto.FLOAT))
        model.graph.output[0].CopyFrom(onnx.helper.make_tensor_value_info("as_f32", onnx.TensorProto.FLOAT, [9, 6]))
        onnx.save(model, self.folder / "cast.onnx")
        tensor = self.javascript([{"do": "onnxruntime.run", "path": "cast.onnx"}])[0]["tensors"][0]
        table = np.load(self.folder / "t.npy")   # the rounded values as f32
        self.assertEqual((tensor["type"], tuple(tensor["shape"])), ("float32", table.shape))
        self.assertTrue(base64.b64decode(tensor["data"]) == table.tobytes())

    def test_onnx_itself_finds_nothing_wrong_and_reads_every_type(self):
        for array in samples():
            self.written(array, "t.onnx")
            model = onnx.load(self.folder / "t.onnx")
            onnx.checker.check_model(model, full_check=True)
            tensor, = model.graph.initializer
            found = onnx.numpy_helper.to_array(tensor)
            self.assertEqual((found.dtype, found.shape), (array.dtype, array.shape))
            self.assertTrue(found.tobytes() == array.tobytes(), (array.dtype, array.shape))

    def test_the_description_is_in_the_metadata(self):
        self.run_words(f"{ROPE} --like gptj -o t.onnx")
        model = onnx.load(self.folder / "t.onnx")
        metadata = {entry.key: entry.value for entry in model.metadata_props}
        self.assertEqual((model.producer_name, metadata["scheme"], metadata["convention"]), ("pe-gen", "rope", "gptj"))
        self.assertEqual([tensor["name"] for tensor in json.loads(metadata["description"])["tensors"]], ["cos", "sin", "inv_freq"])


class Npyjs(Readers):
    def test_it_loads_every_type_and_shape(self):
        arrays = samples()
        results = self.javascript([{"do": "npyjs.load", "path": self.written(array, f"{i}.npy")} for i, array in enumerate(arrays)])
        for array, result in zip(arrays, results):
            self.assertEqual((result["type"], tuple(result["shape"]), result["fortran"]), (NUMPY[dtype_of(array)][1:], array.shape, False))
            self.assertTrue(base64.b64decode(result["data"]) == array.tobytes(), (array.dtype, array.shape))

    def test_what_it_dumps_is_read(self):
        kinds = {"f64": "Float64Array", "f32": "Float32Array", "i64": "BigInt64Array", "i32": "Int32Array", "i16": "Int16Array", "i8": "Int8Array",
                 "u64": "BigUint64Array", "u32": "Uint32Array", "u16": "Uint16Array", "u8": "Uint8Array"}
        arrays = {dtype: sample(dtype, (4, 3)) for dtype in kinds}
        self.javascript([{"do": "npyjs.dump", "array": kinds[dtype], "shape": array.shape, "path": f"{dtype}.npy",
                          "data": base64.b64encode(array.tobytes()).decode()} for dtype, array in arrays.items()])
        for dtype, array in arrays.items():
            self.expect_read(f"{dtype}.npy", dtype, array.shape, array.tobytes())


counted.main()
