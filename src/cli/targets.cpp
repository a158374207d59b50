#include "cli/targets.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"

namespace pe {

const std::vector<Target>& all_targets() {
  using Shape = Target::Shape;
  const std::vector<Dtype> kernel_types{Dtype::f32, Dtype::f16, Dtype::bf16};
  static const std::vector<Target> targets{
      {.name = "ort",
       .one_line = "ONNX Runtime, com.microsoft RotaryEmbedding and GroupQueryAttention: cos_cache, sin_cache [N, R/2]",
       .layout = "compact",
       .tensors = {"cos_cache", "sin_cache"},
       .types = kernel_types,
       .half = "interleaved=0 (GroupQueryAttention: do_rotary=1 rotary_interleaved=0)",
       .interleaved = "interleaved=1 (GroupQueryAttention: do_rotary=1 rotary_interleaved=1)",
       .partial = "rotary_embedding_dim={}",
       .width_multiple = 8,
       .width_reason = "GroupQueryAttention on CUDA",
       .reference = "microsoft/onnxruntime docs/ContribOperators.md; group_query_attention_helper.h"},
      {.name = "onnx",
       .one_line = "ONNX RotaryEmbedding from opset 23 on: cos_cache, sin_cache [N, R/2], or [B, S, R/2] without position_ids",
       .takes_batches = true,
       .layout = "compact",
       .tensors = {"cos_cache", "sin_cache"},
       .types = kernel_types,
       .half = "interleaved=0",
       .interleaved = "interleaved=1",
       .partial = "rotary_embedding_dim={}",
       .reference = "onnx.ai/onnx/operators/onnx__RotaryEmbedding.html"},
      {.name = "trt",
       .one_line = "TensorRT IRotaryEmbeddingLayer: cosCache, sinCache [N, R/2], or [B, S, R/2] without positionIds",
       .takes_batches = true,
       .layout = "compact",
       .tensors = {"cosCache", "sinCache"},
       .types = kernel_types,
       .half = "setInterleaved(false)",
       .interleaved = "setInterleaved(true)",
       .partial = "setRotaryEmbeddingDim({})",
       .reference = "docs.nvidia.com/deeplearning/tensorrt, inference-library/transformers-rope"},
      {.name = "trtllm",
       .one_line = "TensorRT-LLM attention: rotary_cos_sin [1, N*R] f32, cosine and sine of one angle after the other",
       .shape = Shape::flat,
       .layout = "pairs",
       .tensors = {"rotary_cos_sin"},
       .types = {Dtype::f32},
       .half = "PositionEmbeddingType.rope_gpt_neox",
       .interleaved = "PositionEmbeddingType.rope_gptj",
       .partial = "rotary_embedding_dim={}",
       .reference = "NVIDIA/TensorRT-LLM tensorrt_llm/functional.py, RopeEmbeddingUtils.create_sinusoidal_positions_for_attention_plugin"},
      {.name = "vllm",
       .one_line = "vLLM RotaryEmbedding: cos_sin_cache [N, R], the cosines of a position, then its sines",
       .layout = "joined",
       .tensors = {"cos_sin_cache"},
       .types = kernel_types,
       .half = "is_neox_style=True",
       .interleaved = "is_neox_style=False",
       .partial = "rotary_dim={}",
       .reference = "vllm-project/vllm vllm/model_executor/layers/rotary_embedding/base.py"},
      {.name = "hf",
       .one_line = "Hugging Face transformers, position_embeddings of Llama and its kin: cos, sin [1, N, R], half",
       .shape = Shape::batch,
       .takes_batches = true,
       .layout = "half",
       .tensors = {"cos", "sin"},
       .types = kernel_types,
       .half = "none",
       .partial = "partial_rotary_factor = {} / head_dim",
       .reference = "huggingface/transformers modeling_llama.py, LlamaRotaryEmbedding and apply_rotary_pos_emb"},
      {.name = "ggml",
       .one_line = "llama.cpp: rope_freqs.weight [R/2] f32, which divides base^(-2i/R); from the tensor inv_freq",
       .shape = Shape::factors,
       .tensors = {"rope_freqs.weight"},
       .types = {Dtype::f32},
       .half = "LLAMA_ROPE_TYPE_NEOX, which the architecture chooses",
       .interleaved = "LLAMA_ROPE_TYPE_NORM, which the architecture chooses",
       .partial = "rope.dimension_count = {}",
       .reference = "ggml-org/llama.cpp convert_hf_to_gguf.py (ROPE_FREQS), ggml_rope_ext"}};
  return targets;
}

const Target& find_target(const std::string& name) {
  std::vector<std::string> names;
  for (const Target& target : all_targets()) {
    if (target.name == name) return target;
    names.push_back(target.name);
  }
  throw Error(fmt::format("--target {} is none of {}{}", name, join(names, ", "), nearest_hint(name, names)));
}

}  // namespace pe
