// Opens and writes files with the libraries of JavaScript programs. libraries.mjs FOLDER: the libraries are in FOLDER/node_modules; standard
// input is a JSON list of jobs { "do": "npyjs.load", "path": ... }, standard output the list of their results, { "error": ... } where one failed.
// Bytes are base64; 64-bit numbers are text.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.resolve(process.argv[2]) + "/");

const base64 = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

/** The whole file, with nothing of a larger buffer around it. */
const arrayBuffer = (file) => new Uint8Array(fs.readFileSync(file)).buffer;

async function onnxSession(file) {
  const ort = require("onnxruntime-web");
  ort.env.wasm.numThreads = 1;
  return ort.InferenceSession.create(new Uint8Array(arrayBuffer(file)));
}

async function parseGguf(file) {
  return require("@huggingface/gguf").gguf(file, { allowLocalFile: true, typedMetadata: true });
}

const jobs = {
  async "npyjs.load"(job) {
    const found = await require("npyjs").load(arrayBuffer(job.path), { convertFloat16: false });
    const data = Array.isArray(found.data) ? Uint8Array.from(found.data, Number) : found.data; // truth values come as a list
    return { type: found.dtype, shape: found.shape, fortran: found.fortranOrder, data: base64(data) };
  },

  async "npyjs.dump"(job) {
    const bytes = Buffer.from(job.data, "base64");
    const array = new globalThis[job.array](new Uint8Array(bytes).buffer);
    fs.writeFileSync(job.path, Buffer.from(require("npyjs").dump(array, job.shape)));
    return {};
  },

  async "onnxruntime.run"(job) {
    const session = await onnxSession(job.path);
    const outputs = await session.run({});
    const tensors = session.outputNames.map((name) => {
      const { type, dims, data } = outputs[name];
      return { name, type, shape: dims, data: base64(data) };
    });
    await session.release();
    return { inputs: session.inputNames, tensors };
  },

  async "gguf.parse"(job) {
    const found = await parseGguf(job.path);
    const tensors = found.tensorInfos.map(({ name, shape, dtype, offset }) => ({ name, shape, type: dtype, offset }));
    return { metadata: found.typedMetadata, tensors, dataOffset: found.tensorDataOffset, littleEndian: found.littleEndian };
  },

  /** The same tensors behind a header that the library has written anew, with a value more. */
  async "gguf.rewrite"(job) {
    const file = Buffer.from(arrayBuffer(job.path));
    const found = await parseGguf(job.path);
    found.typedMetadata[job.key] = { value: job.value, type: require("@huggingface/gguf").GGUFValueType.STRING };
    const header = await require("@huggingface/gguf").buildGgufHeader(new Blob([file]), found.typedMetadata, {
      littleEndian: true,
      tensorInfoByteRange: found.tensorInfoByteRange,
    });
    fs.writeFileSync(job.to, Buffer.concat([Buffer.from(await header.arrayBuffer()), file.subarray(Number(found.tensorDataOffset))]));
    return {};
  },
};

const results = [];
for (const job of JSON.parse(fs.readFileSync(0, "utf8"))) {
  try {
    results.push(await jobs[job.do](job));
  } catch (error) {
    results.push({ error: String(error) });
  }
}
console.log(JSON.stringify(results, (key, value) => (typeof value === "bigint" ? String(value) : value)));
