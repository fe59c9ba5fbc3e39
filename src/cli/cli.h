// The command line: a table of commands, each in its own file, and what they share.
//
// Exit codes: 0 done (a run that diverged is a result too), 1 the machine said no (a file cannot be
// written), 2 the command was wrong, 130 stopped by Ctrl-C after printing what there was.
#pragma once

#include <csignal>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace lrlab::cli {

// Where a command reads and writes; tests lend their own.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t width = 80;  // columns of text
};

enum ExitCode { kDone = 0, kFailed = 1, kWrongUse = 2, kInterrupted = 130 };

// One sentence for the user; ends the command.
struct Error {
  int code;
  std::string message;
};

struct Command {
  const char* name;
  const char* doc;
  const char* examples;
  // Adds the command's options; what is returned runs it once they are read.
  std::function<int()> (*define)(CLI::App&, Console&);
};
std::span<const Command> commands();

// Ctrl-C sets it; long loops look at it.
extern volatile std::sig_atomic_t interrupted;

// The whole program but for the process around it.
int run(const std::vector<std::string>& arguments, Console& console);

// An option whose value is a whole number and says so when it is not.
CLI::Option* add_whole_number(CLI::App& app, const std::string& name, std::uint64_t& value, std::uint64_t min,
                              std::uint64_t max, const std::string& doc);

// A whole file; throws Error naming `option` if it is missing, a folder, or longer than `most`.
std::string read_file(const std::string& option, const std::string& path, std::size_t most);

}  // namespace lrlab::cli
