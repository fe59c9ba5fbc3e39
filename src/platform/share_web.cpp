// What the page's dialog for sharing needs and the lab itself does not: a module of its own, loaded
// when somebody shares. It knows no page: text in, text out.
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include <emscripten/emscripten.h>

#include "experiment/codec.h"
#include "experiment/export.h"

namespace {

std::uint64_t count_of(std::string_view text) {
  std::uint64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

}  // namespace

extern "C" {

// what: "pytorch" (a: a lane's query, b: steps), "json" (a: a lane's query), "receipt" (a: a race's
// query, b: steps), "figures" (a: the CSV; a line each: id, tab, title), "svg" (a: the CSV, b: figure, c: the race's query),
// "report" (a: a race's query, b: steps, c: the CSV, d: the table). The answer is valid until the next
// call; empty: there is none.
EMSCRIPTEN_KEEPALIVE const char* lrlab_share(const char* what, const char* a, const char* b, const char* c, const char* d) {
  using namespace lrlab;
  static std::string answer;
  const std::string_view kind = what;
  answer.clear();
  if (kind == "pytorch") answer = to_pytorch(from_query(a), count_of(b));
  if (kind == "json") answer = to_json(from_query(a));
  if (kind == "receipt") answer = receipt(race_from_query(a), count_of(b));
  if (kind == "svg") answer = to_svg(race_from_query(c), a, b);
  if (kind == "report") answer = to_markdown(race_from_query(a), count_of(b), c, d);
  if (kind == "figures")
    for (const Figure& f : figures())
      if (std::string_view(a).find(std::string(",") + f.curve + ",") != std::string_view::npos)
        answer += std::string(f.id) + '\t' + f.title + '\n';
  return answer.c_str();
}

}  // extern "C"
