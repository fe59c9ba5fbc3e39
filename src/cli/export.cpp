// lrlab export: a run for use elsewhere: a script, a table, a picture, a report, a receipt.
#include <fstream>
#include <memory>
#include <ostream>

#include "cli/config_args.h"
#include "experiment/export.h"
#include "experiment/lesson.h"

namespace lrlab::cli {
namespace {

struct Args {
  ConfigArgs config;
  std::uint64_t steps = 0;  // 0: not said
  bool pytorch = false, csv = false, report = false, receipt = false;
  std::string svg, lesson, out;
};

// All lanes of the link, or of the lesson; a file or single settings are one lane.
Race race_of(const Args& args, Console& console, std::vector<Issue>& issues) {
  if (!args.config.file.empty() || !args.config.sets.empty() || !args.config.data.empty() || args.config.lane) {
    Race race;
    race.lanes[0].config = args.config.read(console, issues);
    return race;
  }
  Race race = race_from_query(query_of(args.config.query), &issues);
  for (const Issue& issue : issues) console.err << issue.message << '\n';
  return race;
}

std::string content(const Args& args, Console& console) {
  std::vector<Issue> issues;
  if (args.pytorch + args.csv + args.report + args.receipt + !args.svg.empty() != 1)
    throw Error{kWrongUse, "as what? Say one of --pytorch, --csv, --svg FIGURE, --report, --receipt"};
  std::uint64_t steps = args.steps ? args.steps : 1000;
  if (args.pytorch) return to_pytorch(args.config.read(console, issues), steps);

  Race race;
  if (args.lesson.empty()) {
    race = race_of(args, console, issues);
  } else {
    const Lesson* lesson = find_lesson(args.lesson);
    if (!lesson) throw Error{kWrongUse, "--lesson was '" + printable(args.lesson, 40) + "'; 'lrlab lesson list' lists them"};
    race = lesson->race;
    if (!args.steps && lesson->steps > 0) steps = lesson->steps;
  }
  if (args.receipt) return receipt(race, steps) + "\n";
  Session session(race);
  session.run(steps);
  const std::string csv = to_csv(session);
  if (args.csv) return csv;
  if (args.report) return to_markdown(race, steps, csv, to_table(session));
  std::string svg = to_svg(race, csv, args.svg);
  if (!svg.empty()) return svg;
  std::string names;
  for (const Figure& f : figures()) names += (names.empty() ? "" : ", ") + std::string(f.id);
  throw Error{kWrongUse, "--svg was '" + printable(args.svg, 40) + "'; the figures are " + names + ", where the run has such values"};
}

int export_command(const Args& args, Console& console) {
  const std::string text = content(args, console);
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
  app.add_option("--lesson", args->lesson, "The race of a lesson instead.")->type_name("ID");
  app.add_flag("--pytorch", args->pytorch, "A Python script that does the same run with numpy and torch.");
  app.add_flag("--csv", args->csv, "Every recorded curve of every lane.");
  app.add_option("--svg", args->svg, "A picture of one plot: loss, accuracy, rate, grad, ratio, rates.")->type_name("FIGURE");
  app.add_flag("--report", args->report, "The whole race as Markdown, figures included.");
  app.add_flag("--receipt", args->receipt, "What the bits of the weights are at the end: for a link, as &expect=...");
  add_whole_number(app, "--steps", args->steps, 1, 1'000'000'000, "How many updates; 1000 unless said.");
  app.add_option("--out", args->out, "Where to write it; - or nothing: the standard output.")->type_name("FILE");
  return [args, &console] { return export_command(*args, console); };
}

}  // namespace lrlab::cli
