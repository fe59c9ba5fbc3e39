#include "experiment/json_out.h"

#include <cstdio>
#include <cstdlib>

#include "experiment/codec.h"

namespace lrlab {

void JsonOut::member(std::string_view key) {
  if (open_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[') out_ += ',';
  if (lines_ && open_.size() == 1) out_ += "\n  ";
  if (key.empty()) return;
  quote(key);
  out_ += lines_ ? ": " : ":";
}

void JsonOut::quote(std::string_view value) {
  out_ += '"';
  // What is between two signs that need care is taken as it stands.
  for (std::size_t i = 0; i < value.size();) {
    const auto c = static_cast<unsigned char>(value[i]);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += value[i++];
    } else if (c < 32) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", c);
      out_ += code;
      ++i;
    } else {
      std::size_t end = i;
      while (end < value.size() && static_cast<unsigned char>(value[end]) >= 32 && value[end] != '"' && value[end] != '\\') ++end;
      out_ += printable(value.substr(i, end - i), std::string_view::npos);
      i = end;
    }
  }
  out_ += '"';
}

void JsonOut::begin(char bracket, std::string_view key) {
  member(key);
  out_ += bracket;
  open_ += bracket;
}

void JsonOut::end() {
  const char bracket = open_.back();
  open_.pop_back();
  if (lines_ && open_.empty() && out_.back() != '{') out_ += '\n';
  out_ += bracket == '{' ? '}' : ']';
}

void JsonOut::text(std::string_view key, std::string_view value) {
  member(key);
  quote(value);
}

void JsonOut::number(std::string_view key, double value) {
  member(key);
  char digits[32] = "null";
  if (value * 0 == 0) std::snprintf(digits, sizeof digits, "%.15g", value);
  if (value * 0 == 0 && std::strtod(digits, nullptr) != value) std::snprintf(digits, sizeof digits, "%.17g", value);
  out_ += digits;
}

void JsonOut::flag(std::string_view key, bool value) { raw(key, value ? "true" : "false"); }

void JsonOut::raw(std::string_view key, std::string_view json) {
  member(key);
  out_ += json;
}

}  // namespace lrlab
