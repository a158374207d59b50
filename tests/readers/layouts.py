"""Layouts read and written after their specifications alone, strictly: what pe-gen writes must pass, and what is made here it must read.

A tensor is a tuple (type, shape, bytes); the types have the names that pe-gen uses: f32, bf16, bool, ...
"""
import json
import struct

SIZES = {"f64": 8, "f32": 4, "f16": 2, "bf16": 2, "i64": 8, "i32": 4, "i16": 2, "i8": 1, "u64": 8, "u32": 4, "u16": 2, "u8": 1, "bool": 1,
         "c64": 8, "c128": 16}


def size_in_bytes(dtype, shape):
    count = 1
    for size in shape:
        count *= size
    return count * SIZES[dtype]


def check(holds, rule):
    if not holds:
        raise ValueError(rule)


# --- safetensors: github.com/huggingface/safetensors, README and safetensors/src/tensor.rs

SAFETENSORS_TYPES = {"BOOL": "bool", "U8": "u8", "I8": "i8", "I16": "i16", "U16": "u16", "F16": "f16", "BF16": "bf16", "I32": "i32", "U32": "u32",
                     "F32": "f32", "F64": "f64", "I64": "i64", "U64": "u64", "C64": "c64"}


def unique_keys(pairs):
    check(len(dict(pairs)) == len(pairs), "no key stands twice in an object")
    return dict(pairs)


def read_safetensors(data):
    """(metadata, {name: tensor} in the order of their bytes). Raises ValueError, which says the rule that is broken."""
    check(len(data) >= 8, "a file begins with the length of its header")
    length, = struct.unpack("<Q", data[:8])
    check(length <= 100_000_000 and 8 + length <= len(data), "the header is in the file, and at most 100,000,000 bytes")
    header, values = data[8:8 + length], data[8 + length:]
    check(header[:1] == b"{", "the header begins with {")
    header = json.loads(header.decode("utf-8"), object_pairs_hook=unique_keys)
    metadata = header.pop("__metadata__", {})
    check(all(isinstance(value, str) for value in metadata.values()), "metadata is text")
    tensors, at = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        check(sorted(entry) == ["data_offsets", "dtype", "shape"], "an entry has dtype, shape and data_offsets")
        check(all(type(size) is int and size >= 0 for size in entry["shape"]), "sizes are whole numbers")
        dtype, (begin, end) = SAFETENSORS_TYPES[entry["dtype"]], entry["data_offsets"]
        check(begin == at, "the first tensor begins at 0, each other where the one before ends")
        check(end - begin == size_in_bytes(dtype, entry["shape"]), "a tensor has the bytes of its shape")
        tensors[name], at = (dtype, tuple(entry["shape"]), values[begin:end]), end
    check(at == len(values), "the last tensor ends where the file ends")
    return metadata, tensors


def write_safetensors(tensors, metadata=None, padded=True):
    """As the reference's writer does: larger elements first, then by name, the header padded to a multiple of 8. Others do not pad."""
    names = {dtype: name for name, dtype in SAFETENSORS_TYPES.items()}
    header, values = {} if metadata is None else {"__metadata__": metadata}, b""
    for name, (dtype, shape, data) in sorted(tensors.items(), key=lambda item: (-SIZES[item[1][0]], item[0])):
        header[name] = {"dtype": names[dtype], "shape": list(shape), "data_offsets": [len(values), len(values) + len(data)]}
        values += data
    text = json.dumps(header, separators=(",", ":")).encode()
    if padded:
        text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + values


# --- gguf: github.com/ggml-org/ggml docs/gguf.md

GGUF_VALUES = {"u8": (0, "<B"), "i8": (1, "<b"), "u16": (2, "<H"), "i16": (3, "<h"), "u32": (4, "<I"), "i32": (5, "<i"), "f32": (6, "<f"),
               "bool": (7, "<?"), "string": (8, None), "array": (9, None), "u64": (10, "<Q"), "i64": (11, "<q"), "f64": (12, "<d")}
GGML_TYPES = {"f32": 0, "f16": 1, "i8": 24, "i16": 25, "i32": 26, "i64": 27, "f64": 28, "bf16": 30}


def gguf_string(text):
    return struct.pack("<Q", len(text.encode())) + text.encode()


def gguf_value(kind, value):
    """The bytes of a value; an array is (kind of its elements, list)."""
    if kind == "string":
        return gguf_string(value)
    if kind == "array":
        element, items = value
        return struct.pack("<IQ", GGUF_VALUES[element][0], len(items)) + b"".join(gguf_value(element, item) for item in items)
    return struct.pack(GGUF_VALUES[kind][1], value)


def padding(length, alignment):
    return b"\0" * (-length % alignment)


def write_gguf(tensors, values, alignment=32):
    """`values` is {key: (kind, value)}."""
    if alignment != 32:
        values = {**values, "general.alignment": ("u32", alignment)}
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    for key, (kind, value) in values.items():
        head += gguf_string(key) + struct.pack("<I", GGUF_VALUES[kind][0]) + gguf_value(kind, value)
    data = b""
    for name, (dtype, shape, content) in tensors.items():
        head += gguf_string(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *reversed(shape))
        head += struct.pack("<IQ", GGML_TYPES[dtype], len(data))
        data += content + padding(len(content), alignment)
    return head + padding(len(head), alignment) + data
