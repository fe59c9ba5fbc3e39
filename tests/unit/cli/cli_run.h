// For tests of the command line: run a command in this process and look at what it printed.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "test_paths.h"

namespace lrlab::cli {

struct Ran {
  int code;
  std::string out, err;
};

inline Ran lrlab(const std::vector<std::string>& arguments, std::size_t width = 80) {
  std::ostringstream out, err;
  Console console{.out = out, .err = err, .width = width};
  const int code = run(arguments, console);
  return {code, out.str(), err.str()};
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// A folder for one test, gone at its end.
struct Folder {
  std::filesystem::path path;
  explicit Folder(const std::string& name) : path(std::filesystem::path(LRLAB_BINARY_DIR) / ("test_" + name)) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string file(const std::string& name) const { return (path / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return file(name);
  }
};

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace lrlab::cli
