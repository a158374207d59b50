// pe-gen compare A B: how far two tables are apart, where, and what would make them equal.

#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/compare_report.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/plan.h"
#include "cli/run_description.h"
#include "core/error.h"
#include "version.h"

namespace pe {
namespace {

struct CompareOptions {
  std::string a, b;
  Tolerance tolerance;
  Grid grid;
};

/// `text` as a value of an option.
template <class Value>
Value parsed(const std::string& option, const std::string& text, const OptionRules& rules) {
  Value value{};
  try {
    option_types::parse(text, rules, value);
  } catch (const Error& error) {
    throw Error(fmt::format("compare: {} {} {}", option, text, error.what()));
  }
  return value;
}

void add_compare_options(Arguments& arguments, CompareOptions& options) {
  arguments.positional("A", "a table: FILE, or FILE:TENSOR where a file has several; - for a .npy on standard input", options.a);
  arguments.positional("B", "the table it is compared with", options.b);
  arguments.group("Options");
  Tolerance& tolerance = options.tolerance;
  arguments.option("--atol", "X", "values are equal with |a - b| <= atol + rtol |b|; alone, rtol is 0",
                   [&tolerance](const std::string& text) { tolerance.absolute = parsed<double>("--atol", text, {.low = 0}); });
  arguments.option("--rtol", "X", "the same; alone, atol is 0",
                   [&tolerance](const std::string& text) { tolerance.relative = parsed<double>("--rtol", text, {.low = 0}); });
  arguments.option("--ulp", "N", "values are equal at most N units in the last place of the coarser type apart, rounded to it; 0: only rounded",
                   [&tolerance](const std::string& text) {
                     tolerance.ulps = static_cast<std::uint64_t>(whole_number("compare: --ulp", text, 0, Index{1} << 53));
                   });
  arguments.option("--grid", "HxW", "the rows are the cells of a grid of this size, behind any prefix; default what files say, else all are tried",
                   [&options](const std::string& text) { options.grid = parsed<Grid>("--grid", text, {}); });
  arguments.footer(
      "Values are equal when they are the same number (+0 and -0 are, and NaN and NaN), or when any limit that is given admits them.\n"
      "Prints the comparison, or with --json the same as JSON. Writes a file only with -o or --plot: A - B as the tensor difference, or a picture.\n"
      "Exit code 0: equal; 1: different; 2 to 4 as ever.");
}

/// Whether files are asked for; options that only matter for those are refused otherwise.
bool writes_files(const OutputOptions& output) {
  if (!output.tensor.empty() && output.tensor != "difference") {
    throw Error(fmt::format("compare: --tensor {} is not written, only difference is; what is compared is named FILE:TENSOR", output.tensor));
  }
  if (!output.paths.empty() || output.formats || output.figures) return true;
  const FigureStyle &style = output.style, standard;
  const bool has_style = !style.colormap.empty() || style.range || style.dark || style.scale != standard.scale || style.width > 0 ||
                         !style.columns.empty() || !style.heads.empty() || !style.at.empty();
  if (has_style) throw Error("compare: options of figures change nothing without -o FILE.png or --plot difference");
  if (!output.tensor.empty() || output.dry_run) {
    throw Error(fmt::format("compare: {} changes nothing without -o or --plot: no file is written", output.dry_run ? "--dry-run" : "--tensor"));
  }
  return false;
}

void check_grid(const CompareOptions& options, const ComparisonReport& report) {
  if (options.grid.sizes.empty()) return;
  const std::size_t sizes = options.grid.sizes.size();
  if (sizes != 2) throw Error(fmt::format("compare: --grid {} has {} sizes; needs 2, or 1 for a square", options.grid.text(), sizes));
  const Index cells = checked_product(options.grid.sizes[0], options.grid.sizes[1], "compare: --grid is too large");
  for (const Side* side : {&report.a, &report.b}) {
    if (cells <= side->tensor.rows()) continue;
    throw Error(fmt::format("compare: --grid {} has {} cells; {} has {} rows", options.grid.text(), cells, side->words, side->tensor.rows()));
  }
}

/// "half-cos" of half.npz:cos.
std::string stem(const Inputs& input, const std::string& words) {
  return words.size() > input.path.size() ? input.stem() + "-" + words.substr(input.path.size() + 1) : input.stem();
}

/// A - B as the only table of a run.
Product product_of(const ComparisonReport& report, const Inputs& input_a, const Inputs& input_b, const Words& words) {
  const Comparison& found = *report.found;
  const Side &a = report.a, &b = report.b;
  const std::string name_a = input_a.named(a.words), name_b = input_b.named(b.words);
  Product product;
  product.source = "compare";
  product.stem = stem(input_a, a.words) + "-minus-" + stem(input_b, b.words);
  product.figures = {"difference"};
  product.description = {{"generator", "pe-gen " PE_VERSION}, {"command", command_line(words)}, {"a", name_a}, {"b", name_b}};
  product.title = fmt::format("{} − {}", name_a, name_b);
  product.subtitle = fmt::format("{} {} − {}", shape_text(a.tensor), name(a.tensor.dtype), name(b.tensor.dtype));
  if (found.absolute) product.subtitle += fmt::format(" · largest |A − B| {:.4g}", found.absolute->size);
  product.tensors = {difference(a.tensor, b.tensor, found)};
  return product;
}

}  // namespace

ExitCode run_compare(const Words& words) {
  Arguments arguments("compare", "compare A B: how far two tables are apart, where, and what would make them equal");
  CompareOptions options;
  OutputOptions output;
  add_compare_options(arguments, options);
  add_output_options(arguments, output);
  if (!arguments.parse(words)) return ExitCode::done;
  if (options.a.empty() || options.b.empty()) throw Error("compare: which tables? pe-gen compare FILE[:TENSOR] FILE[:TENSOR]");
  if (options.a == "-" && options.b == "-") throw Error("compare: - and -: standard input holds one table");
  const bool writes = writes_files(output);
  const int threads = thread_count(output);

  Inputs a = read_input(options.a), b = read_input(options.b);
  ComparisonReport report{{options.a, std::move(a.tensors.front())}, {options.b, std::move(b.tensors.front())}, options.tolerance, {}, {}, {}};
  check_grid(options, report);
  const Tensor &of_a = report.a.tensor, &of_b = report.b.tensor;
  if (of_a.shape() == of_b.shape()) report.found = compare(of_a, of_b, options.tolerance, threads);
  if (!report.is_equal()) report.matches = find_matches(of_a, of_b, {options.tolerance, options.grid.sizes, threads});
  if (report.found && report.matches.empty()) report.looks_like = likeness(report.a, report.b, *report.found, threads);

  std::optional<Product> product;
  if (writes && report.found) {
    product = product_of(report, a, b, words);
    plan_files(*product, output);   // what cannot be meant is refused before anything is said
  }
  const bool uses_stdout = std::find(output.paths.begin(), output.paths.end(), "-") != output.paths.end();
  std::FILE* const out = uses_stdout ? stderr : stdout;
  if (!output.quiet) fmt::print(out, "{}", output.json ? report_json(report).dump(1) + "\n" : report_text(report));
  if (writes && !product) {
    fmt::print(stderr, "compare: nothing is written: {} and {} cannot be subtracted\n", shape_text(of_a), shape_text(of_b));
  } else if (product) {
    output.quiet |= output.json;   // one document
    output.json = false;
    write_outputs(std::move(*product), output);
  }
  return report.is_equal() ? ExitCode::done : ExitCode::different;
}

}  // namespace pe
