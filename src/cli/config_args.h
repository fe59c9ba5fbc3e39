// The options by which every command is told what to train: a file, a link, single settings.
#pragma once

#include "cli/cli.h"
#include "experiment/codec.h"

namespace lrlab::cli {

struct ConfigArgs {
  std::string file, query, data, target;
  std::vector<std::string> sets;
  std::uint64_t lane = 0;  // of a link that races several, from 1; 0: not said
  bool strict = false;

  void add_to(CLI::App& app);
  Own read_data() const;
  // All settings, later ones before earlier ones: --set over --query over --config. What had to be
  // corrected is printed as sentences on err (and kept in `issues`); with --strict it ends the command.
  // `said`, if given, gets these settings.
  std::string job() const;  // "job=" of the link; empty: it has none
  Config read(Console& console, std::vector<Issue>& issues, std::vector<Setting>* said = nullptr) const;
};

// What --query may be: a query, or a whole link that holds one.
std::string_view query_of(std::string_view text);

}  // namespace lrlab::cli
