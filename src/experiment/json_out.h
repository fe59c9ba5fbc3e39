// Writes JSON as it goes. No tree is built first: nlohmann's would be a tenth of the page's code.
#pragma once

#include <string>
#include <string_view>

namespace lrlab {

class JsonOut {
 public:
  // lines: each member of the outermost object on a line of its own.
  explicit JsonOut(bool lines = false) : lines_(lines) {}

  // In an array `key` is empty. What is begun with '{' or '[' is ended.
  void begin(char bracket, std::string_view key = {});
  void end();
  void text(std::string_view key, std::string_view value);  // bytes that are no UTF-8 are replaced
  void number(std::string_view key, double value);          // reads back as the same; not finite: null
  void flag(std::string_view key, bool value);
  void raw(std::string_view key, std::string_view json);    // JSON already

  const std::string& str() const { return out_; }

 private:
  void member(std::string_view key);
  void quote(std::string_view value);
  std::string out_, open_;
  bool lines_;
};

}  // namespace lrlab
