// pe-gen plot FILE[:TENSOR]: any figure of an existing table.

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/run_description.h"
#include "core/error.h"
#include "core/scheme.h"
#include "version.h"

namespace pe {
namespace {

struct PlotOptions {
  std::string input;
  Grid grid;
  std::string flatten = "hw";
  Index prefix_tokens = 0;
};

void add_plot_options(Arguments& arguments, PlotOptions& options) {
  arguments.positional("FILE", "table to draw: FILE, or FILE:TENSOR where a file has several; - for a .npy on standard input", options.input);
  arguments.group("Options");
  arguments.option("--grid", "HxW", "the rows are the cells of a grid of this size", [&](const std::string& text) {
    try {
      option_types::parse(text, {}, options.grid);
    } catch (const Error& error) {
      throw Error(fmt::format("plot: --grid {} {}", text, error.what()));
    }
  });
  arguments.option("--flatten", "WORD", "order of the cells, slowest first: hw is row by row; default hw",
                   [&](const std::string& text) { options.flatten = text; });
  arguments.option("--prefix-tokens", "K", "rows before the first cell (class token, registers); default 0",
                   [&](const std::string& text) { options.prefix_tokens = whole_number("plot: --prefix-tokens", text, 0, 1000000); });
}

/// A leading axis of size 1 is a batch: [1, N, D] is drawn as [N, D].
void drop_batch_axis(Tensor& tensor) {
  while (tensor.axes.size() > 2 && tensor.axes.front().size == 1) tensor.axes.erase(tensor.axes.begin());
}

void set_grid(Tensor& tensor, const PlotOptions& options) {
  if (options.grid.sizes.empty()) {
    if (options.prefix_tokens > 0) throw Error("plot: --prefix-tokens counts only with --grid");
    return;
  }
  if (options.grid.sizes.size() != 2 || (options.flatten != "hw" && options.flatten != "wh")) {
    throw Error(fmt::format("plot: --grid {} --flatten {}: needs a grid HxW and an order hw or wh", options.grid.text(), options.flatten));
  }
  const Index cells = checked_product(options.grid.sizes[0], options.grid.sizes[1], "plot: --grid is too large");
  const Index rows = tensor.axes.size() > 1 ? tensor.axes[tensor.axes.size() - 2].size : 1;   // those before number tables over one grid
  if (cells + options.prefix_tokens != rows) {
    throw Error(fmt::format("plot: --grid {} has {} cells, with {} prefix tokens {} rows; the table has {}", options.grid.text(), cells,
                            options.prefix_tokens, cells + options.prefix_tokens, rows));
  }
  tensor.grid = TokenGrid{options.grid.sizes, options.flatten, options.prefix_tokens};
  if (tensor.axes.size() > 1) tensor.axes[tensor.axes.size() - 2].name = "token";
}

}  // namespace

ExitCode run_plot(const Words& words) {
  Arguments arguments("plot", "plot: figures of an existing table");
  PlotOptions options;
  OutputOptions output;
  add_plot_options(arguments, options);
  add_output_options(arguments, output);
  if (!arguments.parse(words)) return ExitCode::done;
  if (options.input.empty()) throw Error("plot: which table? pe-gen plot FILE[:TENSOR] [--grid HxW --prefix-tokens K]");

  Inputs input = read_input(options.input);
  Tensor& tensor = input.tensors.front();
  drop_batch_axis(tensor);
  set_grid(tensor, options);
  if (tensor.elements() == 0) throw Error(fmt::format("plot: {} is {}: it holds no values", options.input, shape_text(tensor)));
  Product product;
  product.source = "plot";
  product.stem = input.stem();
  product.figures = {"similarity", "bias", "index", "table"};   // those that suit
  product.description = {{"generator", "pe-gen " PE_VERSION}, {"command", command_line(words)}, {"source", input.file()}};
  if (!input.description.is_null()) product.description["source_description"] = std::move(input.description);
  product.title = input.named(options.input);
  product.subtitle = fmt::format("{} {}", shape_text(tensor), name(tensor.dtype));
  if (tensor.grid) {
    product.subtitle += fmt::format(" · grid {}", Grid{tensor.grid->sizes}.text());
    if (tensor.grid->prefix > 0) product.subtitle += fmt::format(" · prefix-tokens {}", tensor.grid->prefix);
  }
  product.tensors = {std::move(tensor)};
  write_outputs(std::move(product), output);
  return ExitCode::done;
}

}  // namespace pe
