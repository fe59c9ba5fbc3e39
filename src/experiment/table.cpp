#include "experiment/table.h"

#include <algorithm>
#include <cmath>

#include "core/mathfn.h"
#include "core/parse.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char ch) { return ch == ' ' || ch == '\t'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

// A finite number and nothing else.
bool read_number(std::string_view s, double& v) {
  return !s.empty() && s.size() < 60 && parse_number(s, v) == s.size() && std::isfinite(v);
}

// The separator that the first line has most of, outside of quotes.
char find_separator(std::string_view text) {
  std::size_t count[3] = {};
  bool quoted = false;
  for (char ch : text.substr(0, 4096)) {
    if (ch == '"') quoted = !quoted;
    if (quoted) continue;
    if (ch == '\n' || ch == '\r') break;
    for (std::size_t k = 0; k < 3; ++k) count[k] += ch == ",;\t"[k];
  }
  return ",;\t"[std::max_element(count, count + 3) - count];
}

// Valid UTF-8 of a reasonable length, whatever the file has.
std::string tidy(std::string cell) {
  const bool plain = cell.size() <= 200 && std::all_of(cell.begin(), cell.end(), [](char ch) { return ch >= ' ' && ch < 127; });
  return plain ? cell : printable(cell, 200);
}

std::string in_quotes(std::string_view text) { return "'" + printable(text, 40) + "'"; }
std::string number_of(std::size_t n, const char* what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); }

}  // namespace

Table read_table(std::string_view text, std::size_t most, std::size_t size) {
  Table t;
  const auto refuse = [&](std::string why) {
    t = {};
    t.error = std::move(why);
    return t;
  };
  size = std::max(size, text.size());
  if (size > most)
    return refuse("The file has " + number_text(std::ceil(static_cast<double>(size) / 1e5) / 10) + " MB; at most " + number_text(static_cast<double>(most >> 20)) + " MB are read.");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.find('\0') != std::string_view::npos)
    return refuse("The file is no plain text in UTF-8: save it as 'CSV UTF-8'.");
  if (text.starts_with("PK\x03\x04")) return refuse("The file is a spreadsheet or an archive: save the table as CSV.");
  const char separator = find_separator(text);
  std::vector<std::string> row;
  std::size_t line = 1, begins = 1;
  for (std::size_t i = 0; i < text.size();) {
    // One cell, and what ends it.
    std::string cell;
    const std::size_t start = i;
    while (i < text.size() && text[i] == ' ') ++i;
    if (i < text.size() && text[i] == '"') {
      for (++i;; ++i) {
        if (i == text.size()) return refuse("Line " + std::to_string(begins) + ", column " + std::to_string(row.size() + 1) + ": a quote is opened and never closed.");
        if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"')
          ++i;
        else if (text[i] == '"')
          break;
        if (text[i] == '\n') ++line;
        cell += text[i];
      }
      ++i;
      while (i < text.size() && text[i] == ' ') ++i;
      if (i < text.size() && text[i] != separator && text[i] != '\n' && text[i] != '\r')
        return refuse("Line " + std::to_string(line) + ", column " + std::to_string(row.size() + 1) + ": something follows a closing quote.");
    } else {
      i = start;
      while (i < text.size() && text[i] != separator && text[i] != '\n' && text[i] != '\r') ++i;
      cell = trimmed(text.substr(start, i - start));
    }
    row.push_back(std::move(cell));
    if (row.size() > kMaxTableColumns)
      return refuse("Line " + std::to_string(begins) + " has more than " + std::to_string(kMaxTableColumns) + " columns, which is the most that is read.");
    if (i < text.size() && text[i] == separator) {
      if (++i < text.size()) continue;
      row.emplace_back();  // the text ends with a separator: one more, empty
    }
    // The row is complete.
    if (i < text.size() && text[i] == '\r') ++i;
    if (i < text.size() && text[i] == '\n' ) ++i;
    ++line;
    const bool blank = row.size() == 1 && row[0].empty();
    if (!blank) {
      if (t.columns == 0) t.columns = row.size();
      if (row.size() != t.columns)
        return refuse("Line " + std::to_string(begins) + " has " + number_of(row.size(), "cell") + "; the first row has " + std::to_string(t.columns) + ".");
      if (t.rows > kMaxTableRows) return refuse("The file has more than " + std::to_string(kMaxTableRows) + " rows, which is the most that is read.");
      for (std::string& c : row) {
        // Where ';' separates, a comma may stand for the decimal point.
        if (const std::size_t comma = c.find(','); separator == ';' && comma != std::string::npos) {
          std::string plain = c;
          plain[comma] = '.';
          double v = 0;
          if (read_number(plain, v)) c = plain;
        }
        t.cells.push_back(tidy(std::move(c)));
      }
      t.line.push_back(begins);
      ++t.rows;
    }
    row.clear();
    begins = line;
  }
  if (t.rows == 0) return refuse("The file is empty.");
  if (t.columns < 2) return refuse("The file has one column only: an input and what is to be learned are needed.");
  if (t.rows < 3) return refuse("The file has " + number_of(t.rows, "row") + " only: at least two samples under a header are needed.");
  return t;
}

bool is_numbers(const Table& t, bool header, std::size_t column) {
  double v = 0;
  std::size_t numbers = 0;
  for (std::size_t r = header; r < t.rows; ++r) numbers += read_number(t.cell(r, column), v);
  return 2 * numbers > t.rows - header;
}

std::string column_name(const Table& t, const TableChoice& c, std::size_t column) {
  if (c.header && !t.cell(0, column).empty()) return printable(t.cell(0, column), 40);
  return "column " + std::to_string(column + 1);
}

TableChoice suggest(const Table& t, int target) {
  TableChoice c;
  double v = 0;
  for (std::size_t k = 0; k < t.columns; ++k) c.header = c.header && !read_number(t.cell(0, k), v);
  c.target = target < 0 ? static_cast<int>(t.columns) - 1 : target;
  const auto learned = static_cast<std::size_t>(c.target);
  c.input.assign(t.columns, false);
  std::size_t inputs = 0;
  for (std::size_t k = 0; k < t.columns && inputs < kMaxTableInputs; ++k)
    if (k != learned && is_numbers(t, c.header, k)) c.input[k] = true, ++inputs;
  if (is_numbers(t, c.header, learned)) {
    // Few whole values, each of them often: classes.
    std::vector<double> values;
    bool whole = true;
    for (std::size_t r = c.header; r < t.rows && whole && values.size() <= kMaxTableClasses; ++r) {
      whole = read_number(t.cell(r, learned), v) && v == std::floor(v);
      if (std::find(values.begin(), values.end(), v) == values.end()) values.push_back(v);
    }
    c.classes = whole && values.size() <= kMaxTableClasses && values.size() * 4 <= t.rows;
  }
  return c;
}

Own own_from_table(const Table& t, const TableChoice& c, std::string_view name, std::string& error) {
  error.clear();
  const auto target = static_cast<std::size_t>(c.target);
  const auto where = [&](std::size_t r, std::size_t k) {
    return "Line " + std::to_string(t.line[r]) + ", column " + std::to_string(k + 1) + " (" + in_quotes(column_name(t, c, k)) + "): ";
  };
  const auto refuse = [&](std::string why) {
    error = std::move(why);
    return Own();
  };
  const auto number = [&](std::size_t r, std::size_t k, double& v) {
    const std::string& cell = t.cell(r, k);
    if (read_number(cell, v)) return true;
    error = where(r, k) + (cell.empty() ? "there is no value." : in_quotes(cell) + " is not a finite number.");
    return false;
  };
  OwnData d;
  d.name = printable(name, 80);
  d.target = column_name(t, c, target);
  std::vector<std::size_t> inputs;
  for (std::size_t k = 0; k < t.columns; ++k)
    if (c.input[k] && k != target) {
      inputs.push_back(k);
      d.inputs.push_back(column_name(t, c, k));
    }
  if (inputs.empty()) return refuse("No column is chosen as an input.");
  if (inputs.size() > kMaxTableInputs)
    return refuse(std::to_string(inputs.size()) + " columns are chosen as inputs; at most " + std::to_string(kMaxTableInputs) + " are allowed.");
  if (t.rows - c.header < 2) return refuse("There are fewer than two samples.");
  if (t.rows - c.header > kMaxTableRows) return refuse("The file has more than " + std::to_string(kMaxTableRows) + " rows, which is the most that is read.");
  d.raw.features = static_cast<int>(inputs.size());
  if (c.classes) {
    // In the order of their names, numbers by size; so the order of the rows does not matter.
    for (std::size_t r = c.header; r < t.rows; ++r) {
      const std::string& cell = t.cell(r, target);
      if (cell.empty()) return refuse(where(r, target) + "there is no class.");
      if (std::find(d.classes.begin(), d.classes.end(), cell) != d.classes.end()) continue;
      d.classes.push_back(cell);
      if (d.classes.size() > kMaxTableClasses)
        return refuse("Column " + in_quotes(d.target) + " has more than " + std::to_string(kMaxTableClasses) + " different values (" + in_quotes(cell) + " in line " +
                      std::to_string(t.line[r]) + " is one more); at most so many classes are allowed. Learn it as numbers, or choose another column.");
    }
    if (d.classes.size() < 2) return refuse("Column " + in_quotes(d.target) + " says " + in_quotes(d.classes[0]) + " in every row: there is nothing to tell apart.");
    double x = 0, y = 0;
    const bool numbers = std::all_of(d.classes.begin(), d.classes.end(), [&](const std::string& s) { return read_number(s, x); });
    std::sort(d.classes.begin(), d.classes.end(), [&](const std::string& a, const std::string& b) {
      return numbers && read_number(a, x) && read_number(b, y) && x != y ? x < y : a < b;
    });
  }
  d.raw.classes = static_cast<int>(d.classes.size());
  for (std::size_t r = c.header; r < t.rows; ++r) {
    double v = 0;
    for (std::size_t k : inputs) {
      if (!number(r, k, v)) return {};
      d.raw.x.push_back(v);
    }
    if (c.classes)
      v = static_cast<double>(std::find(d.classes.begin(), d.classes.end(), t.cell(r, target)) - d.classes.begin());
    else if (!number(r, target, v))
      return {};
    d.raw.y.push_back(v);
  }
  if (!c.classes && c.scale) {
    double mean = 0, squares = 0;
    const double n = static_cast<double>(d.raw.count());
    for (double v : d.raw.y) mean += v / n;
    for (double v : d.raw.y) squares += (v - mean) * (v - mean) / n;
    const double deviation = fn::sqrt(squares);
    if (!(deviation > 1e-12 * fn::abs(mean)) || !std::isfinite(deviation))
      return refuse("Column " + in_quotes(d.target) + " has the same value in every row: there is nothing to learn.");
    for (double& v : d.raw.y) v = (v - mean) / deviation;
  }
  return Own(std::move(d));
}

}  // namespace lrlab
