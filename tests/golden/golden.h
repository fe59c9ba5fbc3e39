// Loader and comparison rule for the golden numeric cases (README.md in this folder).
//
// A test takes one kind and gets every case of that kind, from whatever files are there:
//
//   TEST_SUITE("golden") {
//   TEST_CASE("golden: clipping cases match" IN_REAL) {
//     golden::for_each_case("clipping", [](golden::Case& c) {
//       const std::vector<double> got = ..., want = c.array("outputs");
//       c.check("outputs", got, want, golden::tolerance(1e-13, 1e-6));
//     });
//   }
//   }
//
// LRLAB_GOLDEN_DIR=DIR reads another folder of the same format. An id that the test does not know
// is c.fail("..."): a failure that names file, case and reason. LRLAB_GOLDEN_VERBOSE=1 prints the
// deviation of every case.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/real.h"
#include "test_paths.h"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

namespace lrlab::golden {

using Json = nlohmann::json;

// An environment variable, also under Node, where Emscripten's getenv does not see it.
inline std::string environment(const char* name) {
#ifdef __EMSCRIPTEN__
  const std::string script = std::string("process.env['") + name + "'] || ''";
  return emscripten_run_script_string(script.c_str());
#else
  const char* value = std::getenv(name);
  return value ? value : "";
#endif
}

inline std::string folder() {
  const std::string dir = environment("LRLAB_GOLDEN_DIR");
  return dir.empty() ? std::string(LRLAB_SOURCE_DIR) + "/tests/golden" : dir;
}

inline bool verbose() { return !environment("LRLAB_GOLDEN_VERBOSE").empty(); }

// The bound for the double build (as the README states it) or for the float build (as the test
// derives it).
constexpr double tolerance(double in_double, double in_float) {
  return sizeof(Real) == 8 ? in_double : in_float;
}

// A number, or "inf", "-inf", "nan" as a string. `ok` becomes false for anything else.
inline double number(const Json& j, bool& ok) {
  if (j.is_number()) return j.get<double>();
  if (j.is_boolean()) return j.get<bool>() ? 1 : 0;
  const std::string s = j.is_string() ? j.get<std::string>() : "";
  if (s == "inf") return std::numeric_limits<double>::infinity();
  if (s == "-inf") return -std::numeric_limits<double>::infinity();
  if (s != "nan") ok = false;
  return std::numeric_limits<double>::quiet_NaN();
}

// All numbers of an array of any depth, in order.
inline void flatten(const Json& j, std::vector<double>& out, bool& ok) {
  if (!j.is_array()) return out.push_back(number(j, ok));
  for (const Json& item : j) flatten(item, out, ok);
}

// max|got − want| / max|want|; absolute where want is 0 throughout. What is not finite must be met
// as it is: the same infinity, NaN for NaN.
inline double deviation(std::span<const double> got, std::span<const double> want) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  if (got.size() != want.size()) return kInf;
  double distance = 0, scale = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!std::isfinite(want[i])) {
      if (got[i] == want[i] || (std::isnan(got[i]) && std::isnan(want[i]))) continue;
      return kInf;
    }
    if (!std::isfinite(got[i])) return kInf;
    distance = std::max(distance, std::abs(got[i] - want[i]));
    scale = std::max(scale, std::abs(want[i]));
  }
  return scale == 0 ? distance : distance / scale;
}

// One case. Its accessors end the case with a failure when a field is missing or of another type.
class Case {
 public:
  Case(const Json& json, std::string file) : json_(json), file_(std::move(file)) {
    id_ = text_or("id", "(no id)");
  }

  const Json& json() const { return json_; }
  const std::string& id() const { return id_; }
  const std::string& file() const { return file_; }
  std::string name() const { return file_ + ": " + id_; }

  // has("x"): the field is there and not null.
  bool has(const char* key) const { return has(json_, key); }
  static bool has(const Json& j, const char* key) {
    return j.is_object() && j.contains(key) && !j.find(key)->is_null();
  }

  const Json& field(const char* key) { return field(json_, key); }
  const Json& field(const Json& j, const char* key) {
    if (!has(j, key)) fail(std::string("no field '") + key + "'");
    read_.insert(&*j.find(key));
    return *j.find(key);
  }
  // Fails for what stands in an object of settings and was never asked for: a name that the test
  // does not know would otherwise pass unseen.
  void all_read(const Json& object) {
    for (const auto& [key, value] : object.items())
      if (!value.is_null() && !read_.count(&value)) fail("unknown setting '" + key + "'");
  }

  std::string text(const char* key) { return text(json_, key); }
  std::string text(const Json& j, const char* key) {
    const Json& f = field(j, key);
    if (!f.is_string()) fail(std::string("'") + key + "' is not a string");
    return f.get<std::string>();
  }
  std::string text_or(const char* key, const char* otherwise) const {
    return has(key) && json_.find(key)->is_string() ? json_.find(key)->get<std::string>()
                                                    : otherwise;
  }

  double num(const char* key) { return num(json_, key); }
  double num(const Json& j, const char* key) {
    bool ok = true;
    const double v = number(field(j, key), ok);
    if (!ok) fail(std::string("'") + key + "' is not a number");
    return v;
  }
  double num_or(const Json& j, const char* key, double otherwise) {
    return has(j, key) ? num(j, key) : otherwise;
  }
  bool flag_or(const Json& j, const char* key, bool otherwise) {
    return num_or(j, key, otherwise ? 1 : 0) != 0;
  }

  // Numbers of any depth, flattened.
  std::vector<double> array(const char* key) { return array(json_, key); }
  std::vector<double> array(const Json& j, const char* key) {
    std::vector<double> out;
    bool ok = field(j, key).is_array();
    flatten(field(j, key), out, ok);
    if (!ok) fail(std::string("'") + key + "' is not an array of numbers");
    return out;
  }

  // The comparison rule. Remembers the largest deviation.
  void check(const char* what, std::span<const double> got, std::span<const double> want,
             double tol) {
    const double d = deviation(got, want);
    ++checks_;
    worst_ = std::max(worst_, d);
    const std::string where = name() + ": " + what;
    INFO(where << ": " << got.size() << " numbers, " << want.size() << " wanted");
    CHECK_FALSE(want.empty());
    CHECK(d <= tol);
  }
  void check(const char* what, double got, double want, double tol) {
    check(what, std::span(&got, 1), std::span(&want, 1), tol);
  }
  // A value that must be met exactly: a count, a flag.
  void check_equal(const char* what, double got, double want) {
    ++checks_;
    const std::string where = name() + ": " + what;
    INFO(where);
    CHECK(got == want);
  }

  // Ends this case as failed; the others go on.
  [[noreturn]] void fail(const std::string& reason) const {
    const std::string message = name() + ": " + reason;
    FAIL(message);
    std::abort();  // not reached: FAIL throws
  }
  // Ends this case as left out on purpose; the reason is printed.
  [[noreturn]] void skip(const std::string& reason) const { throw Skipped{reason}; }

  struct Skipped {
    std::string reason;
  };
  double worst() const { return worst_; }
  int checks() const { return checks_; }

 private:
  const Json& json_;
  std::string file_, id_;
  double worst_ = 0;
  int checks_ = 0;
  std::set<const Json*> read_;
};

struct File {
  std::string name;  // relative to folder()
  std::string kind;
  Json json;
};

// Every JSON file below folder() that has a `kind`, in the order of the names. Files without one
// (case lists, hashes) are not golden files; what cannot be parsed has the kind "(unreadable)".
inline const std::vector<File>& files() {
  static const std::vector<File> all = [] {
    namespace fs = std::filesystem;
    std::vector<File> found;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder(), error), end; !error && it != end;
         it.increment(error)) {
      if (it->path().extension() != ".json") continue;
      std::ifstream in(it->path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in),
                                std::istreambuf_iterator<char>()};
      File file{fs::relative(it->path(), folder(), error).generic_string(), "(unreadable)",
                Json::parse(content, nullptr, false)};
      if (!file.json.is_discarded()) {
        const bool has_kind =
            file.json.is_object() && file.json.contains("kind") && file.json["kind"].is_string();
        if (!has_kind) continue;
        file.kind = file.json["kind"].get<std::string>();
      }
      found.push_back(std::move(file));
    }
    std::sort(found.begin(), found.end(),
              [](const File& a, const File& b) { return a.name < b.name; });
    return found;
  }();
  return all;
}

// Runs `run(Case&)` on every case of a kind and prints how many there were. A case that fails does
// not keep the others from running.
template <class Run>
void for_each_case(const char* kind, Run run) {
  int count = 0, skipped = 0, file_count = 0;
  double worst = 0;
  std::string worst_case = "-";
  for (const File& file : files()) {
    if (file.kind != kind) continue;
    ++file_count;
    const bool has_cases = file.json.contains("cases") && file.json.find("cases")->is_array() &&
                           !file.json.find("cases")->empty();
    const std::string complaint = file.name + ": no list of cases";
    CHECK_MESSAGE(has_cases, complaint);
    if (!has_cases) continue;
    for (const Json& json : *file.json.find("cases")) {
      Case c(json, file.name);
      ++count;
      try {
        if (c.text_or("source", "") == "torch-1.13-quirk")
          c.skip("records a bug of torch 1.13 that later versions do not have");
        run(c);
        CHECK_MESSAGE(c.checks() > 0, c.name(), ": nothing was compared");
      } catch (const Case::Skipped& s) {
        ++skipped;
        std::printf("golden: skipped %s: %s\n", c.name().c_str(), s.reason.c_str());
      } catch (const doctest::detail::TestFailureException&) {
        // already reported
      }
      if (verbose()) std::printf("golden: %-64s %.1e%s\n", c.name().c_str(), c.worst(), IN_REAL);
      if (c.worst() > worst) {
        worst = c.worst();
        worst_case = c.id();
      }
    }
  }
  std::printf("golden: %-10s%s %3d cases in %2d files, %d skipped, largest deviation %.1e (%s)\n",
              kind, IN_REAL, count, file_count, skipped, worst, worst_case.c_str());
  if (environment("LRLAB_GOLDEN_DIR").empty()) CHECK_MESSAGE(count > 0, "no golden cases found");
}

}  // namespace lrlab::golden
