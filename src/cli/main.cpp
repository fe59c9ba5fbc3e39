// The process around the command line: streams, terminal, Ctrl-C.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "cli/cli.h"

namespace {

// Emscripten's terminal calls fail under Node with plain files (3.1.69), so there is none there.
#ifdef __EMSCRIPTEN__
constexpr bool kAsksTerminal = false;
#else
constexpr bool kAsksTerminal = true;
#endif

bool is_terminal(int fd) { return kAsksTerminal && isatty(fd) == 1; }

std::size_t terminal_width() {
  winsize size{};
  if (kAsksTerminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  if (const char* columns = std::getenv("COLUMNS")) {
    const long n = std::strtol(columns, nullptr, 10);
    if (n > 0) return static_cast<std::size_t>(n);
  }
  return 100;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGINT, [](int) {
    if (lrlab::cli::interrupted) std::_Exit(lrlab::cli::kInterrupted);  // a second Ctrl-C: at once
    lrlab::cli::interrupted = 1;
  });
  lrlab::cli::Console console{.out = std::cout,
                              .err = std::cerr,
                              .out_is_terminal = is_terminal(STDOUT_FILENO),
                              .err_is_terminal = is_terminal(STDERR_FILENO),
                              .width = std::min<std::size_t>(std::max<std::size_t>(terminal_width(), 40), 120)};
  const int code = lrlab::cli::run({argv + 1, argv + argc}, console);
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "lrlab: could not write to the standard output.\n";
    return lrlab::cli::kFailed;
  }
  return code;
}
