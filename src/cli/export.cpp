// lrlab export: a run for use elsewhere.
#include <fstream>
#include <memory>
#include <ostream>

#include "cli/config_args.h"
#include "experiment/export.h"

namespace lrlab::cli {
namespace {

struct Args {
  ConfigArgs config;
  std::uint64_t steps = 1000;
  bool pytorch = false;
  std::string out;
};

int export_command(const Args& args, Console& console) {
  if (!args.pytorch) throw Error{kWrongUse, "as what? Say --pytorch"};
  std::vector<Issue> issues;
  const std::string text = to_pytorch(args.config.read(console, issues), args.steps);
  if (args.out.empty() || args.out == "-") {
    console.out << text;
    return kDone;
  }
  std::ofstream file(args.out, std::ios::binary | std::ios::trunc);
  file << text;
  file.flush();
  if (!file) throw Error{kFailed, "--out '" + printable(args.out, 200) + "' cannot be written"};
  return kDone;
}

}  // namespace

std::function<int()> define_export(CLI::App& app, Console& console) {
  auto args = std::make_shared<Args>();
  args->config.add_to(app);
  app.add_flag("--pytorch", args->pytorch, "A Python script that does the same run with numpy and torch.");
  add_whole_number(app, "--steps", args->steps, 0, 1'000'000'000, "How many updates; 1000 unless said.");
  app.add_option("--out", args->out, "Where to write it; - or nothing: the standard output.")->type_name("FILE");
  return [args, &console] { return export_command(*args, console); };
}

}  // namespace lrlab::cli
