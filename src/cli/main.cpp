// The process around the command line: streams, terminal, Ctrl-C.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#if __has_include(<sys/ioctl.h>)
#include <sys/ioctl.h>
#endif

#include "cli/cli.h"

namespace {

std::size_t terminal_width() {
#ifdef TIOCGWINSZ
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
#endif
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
                              .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                              .err_is_terminal = isatty(STDERR_FILENO) == 1,
                              .width = std::min<std::size_t>(std::max<std::size_t>(terminal_width(), 40), 120)};
  const int code = lrlab::cli::run({argv + 1, argv + argc}, console);
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "lrlab: could not write to the standard output.\n";
    return lrlab::cli::kFailed;
  }
  return code;
}
