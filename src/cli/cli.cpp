#include "cli/cli.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/text.h"
#include "core/parse.h"
#include "core/simd.h"
#include "experiment/codec.h"

namespace lrlab::cli {

volatile std::sig_atomic_t interrupted = 0;

std::function<int()> define_describe(CLI::App&, Console&);
std::function<int()> define_run(CLI::App&, Console&);
std::function<int()> define_export(CLI::App&, Console&);
std::function<int()> define_find_lr(CLI::App&, Console&);
std::function<int()> define_sweep(CLI::App&, Console&);
std::function<int()> define_map(CLI::App&, Console&);
std::function<int()> define_crossval(CLI::App&, Console&);
std::function<int()> define_ensemble(CLI::App&, Console&);
std::function<int()> define_landscape(CLI::App&, Console&);
std::function<int()> define_stability(CLI::App&, Console&);
std::function<int()> define_merge(CLI::App&, Console&);
std::function<int()> define_bench(CLI::App&, Console&);
std::function<int()> define_lesson(CLI::App&, Console&);
std::function<int()> define_docs(CLI::App&, Console&);

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"describe", "Print everything that can be chosen: algorithms, data, numbers, with ranges and references.",
       "lrlab describe optimizer\nlrlab describe adam\nlrlab describe --json", define_describe},
      {"run", "Train once and print the result.",
       "lrlab run --query 'dataset=moons&optimizer=adam&lr=0.01' --steps 2000\n"
       "lrlab run --config F.json --set lr=0.3 --steps 500 --csv run.csv\n"
       "lrlab run --set dataset=digits --set hidden=32 --json",
       define_run},
      {"export", "Write a run as a PyTorch script, its curves as CSV or SVG, a race as a report.",
       "lrlab export --pytorch --query 'dataset=moons&optimizer=adam' --steps 200 --out run.py\n"
       "lrlab export --report --query 'lr=0.001&lane=lr%3D0.1&lane=lr%3D1' --out race.md\n"
       "lrlab export --svg loss --lesson adam --out adam.svg",
       define_export},
      {"find-lr", "Find a learning rate by the range test, and verify what the rules suggest.",
       "lrlab find-lr --query 'dataset=moons&optimizer=adam' --plot range.svg\n"
       "lrlab find-lr --set dataset=digits --seeds 5 --end-lr 100",
       define_find_lr},
      {"sweep", "Train at many settings and compare: grid, random, halving, Hyperband.",
       "lrlab sweep --query 'dataset=moons&optimizer=adam' --grid lr=1e-4:1:log:12 --seeds 2 --steps 200 --out all.jsonl --jobs 2\n"
       "lrlab sweep --grid optimizer=sgd,adam --grid lr=1e-4:1:log:9 --out all.csv --plot all.svg\n"
       "lrlab sweep --grid lr=1e-5:10:log --search halving --samples 81 --steps 900",
       define_sweep},
      {"crossval", "Cross-validate a config, or the values of one setting.",
       "lrlab crossval --query 'dataset=iris&optimizer=adam' --folds 5\n"
       "lrlab crossval --set dataset=iris --grid lr=1e-3:1:log:8 --seeds 3 --plot crossval.svg",
       define_crossval},
      {"ensemble", "Repeat a run with many seeds: how much is luck?",
       "lrlab ensemble --query 'dataset=spiral&optimizer=adam' --seeds 20 --plot band.svg", define_ensemble},
      {"map", "Train at every point of a plane of two settings: where training works, and its edge.",
       "lrlab map --grid lr=1e-3:10:log --grid momentum=0:0.99:lin --set optimizer=momentum --size 128 --plot map.svg\n"
       "lrlab map --preset fractal --plot fractal.png --out fractal.jsonl",
       define_map},
      {"landscape", "The loss on a plane through the parameters: random directions, or the run's own path.",
       "lrlab landscape --query 'dataset=moons&optimizer=adam' --plane path --size 128 --plot landscape.svg", define_landscape},
      {"stability", "Follow the sharpness of a training to the edge of stability.",
       "lrlab stability --preset edge_of_stability --plot edge.svg", define_stability},
      {"merge", "Put the results of shards together.",
       "lrlab merge part-*.jsonl --out all.jsonl", define_merge},
      {"bench", "Measure how fast this machine trains.", "lrlab bench\nlrlab bench w1 w3 --seconds 5\nlrlab bench --json",
       define_bench},
      {"lesson", "List the lessons, check a lesson file, or run a lesson and test what it claims.",
       "lrlab lesson list\nlrlab lesson check my-lesson.json\nlrlab lesson run too-high", define_lesson},
      {"docs", "Print the README's tables, or check or rewrite them.",
       "lrlab docs --check README.md\nlrlab docs --write README.md", define_docs},
  };
  return kCommands;
}

namespace {

std::string version_text() {
  return std::string("lrlab 1.0, link format v=") + std::to_string(kFormatVersion) + ", " +
         (sizeof(Real) == 4 ? "float" : "double") + ", " + std::to_string(kVectorBytes * 8) + "-bit vectors, " +
#if defined(__EMSCRIPTEN__)
         "WebAssembly"
#elif defined(__clang__)
         "clang " + std::to_string(__clang_major__)
#else
         "g++ " + std::to_string(__GNUC__)
#endif
         + "\n";
}

std::string examples_text(const char* examples) {
  std::string s = "Examples:\n";
  for (std::string_view line : lines_of(examples)) s += "  " + std::string(line) + "\n";
  return s;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

// What is not an option or a command of `app`, in our words.
std::string unexpected(const CLI::App& app, const std::string& word, bool is_command) {
  std::vector<std::string> known;
  if (is_command) {
    for (const Command& c : commands()) known.emplace_back(c.name);
    return "there is no command '" + printable(word, 40) + "'" + did_you_mean(word, known);
  }
  for (const CLI::Option* o : app.get_options())
    for (const std::string& name : o->get_lnames()) known.push_back("--" + name);
  const bool option = word.size() > 1 && word[0] == '-';
  return (option ? "there is no option '" : "did not expect '") + printable(word, 40) + "'" +
         (option ? did_you_mean(word, known) : "");
}

}  // namespace

int run(const std::vector<std::string>& arguments, Console& console) {
  CLI::App app("The Learning Rate Lab on the command line: what the learning rate does to training.", "lrlab");
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", version_text(), "Print the version and exit.");
  app.set_help_flag("-h,--help", "Print this help and exit.");
  app.get_formatter()->column_width(26);
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  std::string all_examples;
  for (const Command& c : commands())
    all_examples += (all_examples.empty() ? "" : "\n") + std::string(lines_of(c.examples).front());
  app.footer(examples_text(all_examples.c_str()) + "\n'lrlab COMMAND --help' tells more about each.");

  std::vector<std::function<int()>> actions;
  for (const Command& c : commands()) {
    CLI::App* sub = app.add_subcommand(c.name, c.doc);
    sub->group("Commands");
    sub->footer(examples_text(c.examples));
    actions.push_back(c.define(*sub, console));
  }
  const auto chosen = [&]() -> const CLI::App& {
    return app.get_subcommands().empty() ? app : *app.get_subcommands().front();
  };
  const auto fail = [&](int code, const std::string& message) {
    console.err << "lrlab" << (&chosen() == &app ? "" : " " + chosen().get_name()) << ": " << sentence(message) << '\n';
    return code;
  };

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    for (std::size_t i = 0; i < actions.size(); ++i)
      if (app.got_subcommand(commands()[i].name)) return actions[i]();
    console.out << app.help();
    return arguments.empty() ? kWrongUse : kDone;
  } catch (const CLI::CallForHelp&) {
    for (const std::string& word : arguments)  // "lrlab swep --help"
      if (&chosen() == &app && !word.starts_with("-")) return fail(kWrongUse, unexpected(app, word, true) + "; 'lrlab --help' lists what there is");
    console.out << chosen().help(&chosen() == &app ? "" : "lrlab");
    return kDone;
  } catch (const CLI::CallForVersion&) {
    console.out << version_text();
    return kDone;
  } catch (const CLI::ExtrasError&) {
    const CLI::App& at = chosen();
    std::vector<std::string> rest = at.remaining(true);
    if (rest.empty()) rest = app.remaining(true);
    const std::string word = rest.empty() ? "" : rest.front();
    const bool is_command = &at == &app && !word.starts_with("-");
    return fail(kWrongUse, unexpected(at, word, is_command) + "; '" + std::string(&at == &app ? "lrlab" : "lrlab " + at.get_name()) +
                               " --help' lists what there is");
  } catch (const CLI::ArgumentMismatch& e) {
    const std::string name(e.what(), std::string_view(e.what()).find(':') % 40);
    return fail(kWrongUse, name + " needs a value; 'lrlab " + chosen().get_name() + " --help' says which");
  } catch (const CLI::ParseError& e) {
    return fail(kWrongUse, e.what());
  } catch (const Error& e) {
    return fail(e.code, e.message);
  }
}

CLI::Option* add_whole_number(CLI::App& app, const std::string& name, std::uint64_t& value, std::uint64_t min,
                              std::uint64_t max, const std::string& doc) {
  return app
      .add_option_function<std::string>(
          name,
          [&value, name, min, max](const std::string& text) {
            double v = 0;
            const bool good = !text.empty() && parse_number(text, v) == text.size() && v == std::floor(v) &&
                              v >= static_cast<double>(min) && v <= static_cast<double>(max);
            if (!good)
              throw Error{kWrongUse, name + " was '" + printable(text, 40) + "'; allowed is a whole number from " +
                                         std::to_string(min) + " to " + std::to_string(max)};
            value = static_cast<std::uint64_t>(v);
          },
          doc)
      ->type_name("N");
}

std::string read_file(const std::string& option, const std::string& path, std::size_t most) {
  namespace fs = std::filesystem;
  const std::string name = option + " '" + printable(path, 200) + "'";
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) throw Error{kWrongUse, name + " does not exist"};
  if (fs::is_directory(status)) throw Error{kWrongUse, name + " is a folder, not a file"};
  if (fs::is_regular_file(status)) {
    const std::uintmax_t size = fs::file_size(path, error);
    if (!error && size > most)
      throw Error{kWrongUse, name + " is " + std::to_string(size) + " bytes long; at most " + std::to_string(most) +
                                 " are allowed"};
  }
  std::ifstream in(path, std::ios::binary);
  std::string text, piece(1 << 16, '\0');  // a pipe has no size, and `most` may be more than there is memory
  while (in && text.size() <= most) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad() || (!in && !in.eof())) throw Error{kFailed, name + " cannot be read"};
  if (text.size() > most)
    throw Error{kWrongUse, name + " is longer than the " + std::to_string(most) + " bytes that are allowed"};
  return text;
}

}  // namespace lrlab::cli
