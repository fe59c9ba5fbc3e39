// Rows as text and back: JSON Lines and CSV, files that were torn, files of shards.
#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "core/parse.h"
#include "experiment/jobs.h"

namespace lrlab {
namespace {

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {  // torn: a line ends with its newline
    text = {};
    return {};
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::string cell_text(RowFormat format, const Column& column, double v) {
  if (!(v * 0 == 0)) return format == RowFormat::kJsonLines ? "null" : "";
  if (column.names.empty()) return number_text(v);
  std::string name = column.names[std::min(static_cast<std::size_t>(v), column.names.size() - 1)];
  if (format == RowFormat::kJsonLines) return nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return name.find_first_of(",\"") == std::string::npos ? name : '"' + name + '"';
}

bool cell_value(const Column& column, std::string_view text, double& v) {
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (!column.names.empty()) {
    const auto at = std::find(column.names.begin(), column.names.end(), text);
    v = static_cast<double>(at - column.names.begin());
    if (at != column.names.end()) return true;
  } else if (!text.empty()) {
    return parse_number(text, v) == text.size();
  }
  v = std::numeric_limits<double>::quiet_NaN();
  return text.empty();
}

std::vector<std::string_view> csv_cells(std::string_view line) {
  std::vector<std::string_view> cells;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i == line.size() || (line[i] == ',' && !quoted)) {
      cells.push_back(line.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  return cells;
}

// The item that a line says it is of.
std::optional<std::size_t> item_of(RowFormat format, std::string_view line) {
  const std::size_t at = format == RowFormat::kCsv ? 0 : std::string_view("{\"item\":").size();
  double number = 0;
  if (line.size() <= at || parse_number(line.substr(at), number) == 0 || !(number >= 0 && number < 1e15)) return std::nullopt;
  return static_cast<std::size_t>(number);
}

// One row of `item`, appended to cells; false: the line is something else.
bool read_row(RowFormat format, const Work& work, std::string_view line, std::size_t item, std::vector<double>& cells) {
  const std::vector<Column>& columns = work.columns();
  if (format == RowFormat::kCsv) {
    const auto parts = csv_cells(line);
    if (parts.size() != columns.size() + 1 || parts[0] != std::to_string(item)) return false;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      double v = 0;
      if (!cell_value(columns[k], parts[k + 1], v)) return false;
      cells.push_back(v);
    }
    return true;
  }
  const auto j = nlohmann::json::parse(line, nullptr, false);
  if (!j.is_object() || !j.contains("item") || !j["item"].is_number_unsigned() || j["item"].get<std::size_t>() != item) return false;
  for (const Column& column : columns) {
    const auto found = j.find(column.key);
    double v = std::numeric_limits<double>::quiet_NaN();
    if (found == j.end()) return false;
    if (found->is_number() && column.names.empty())
      v = found->get<double>();
    else if (!found->is_null() && !(found->is_string() && cell_value(column, found->get<std::string>(), v)))
      return false;
    cells.push_back(v);
  }
  return true;
}

}  // namespace

std::string head_text(RowFormat format, const Job& job, const Work& work) {
  if (format == RowFormat::kJsonLines) return to_json(job) + "\n";
  std::string s = "# " + to_json(job) + "\nitem";
  for (const Column& column : work.columns()) s += "," + column.key;
  return s + "\n";
}

std::string row_text(RowFormat format, const Work& work, std::size_t item, const double* cells) {
  const std::vector<Column>& columns = work.columns();
  std::string s = format == RowFormat::kJsonLines ? "{\"item\":" + std::to_string(item) : std::to_string(item);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    s += ',';
    if (format == RowFormat::kJsonLines) s += '"' + columns[k].key + "\":";
    s += cell_text(format, columns[k], cells[k]);
  }
  return s + (format == RowFormat::kJsonLines ? "}\n" : "\n");
}

std::string rows_text(RowFormat format, const Work& work, std::size_t item, const std::vector<double>& rows) {
  std::string s;
  for (std::size_t k = 0; k < rows.size(); k += work.columns().size()) s += row_text(format, work, item, rows.data() + k);
  return s;
}

std::string results_text(RowFormat format, const JobBoard& board) {
  std::string s = head_text(format, board.job_of(0), board.work_of(0));
  for (std::size_t i = 0; i < board.items_known(); ++i) s += rows_text(format, board.work_of(i), i, board.rows(i));
  return s;
}

RowFile read_rows(std::string_view text, std::size_t shard, std::size_t shards) {
  RowFile file;
  const std::size_t size = text.size();
  std::string_view rest = text, line = next_line(rest);
  if (!line.empty() && line[0] == '#') {
    file.format = RowFormat::kCsv;
    line.remove_prefix(1);
  }
  if (line.empty()) return file;
  file.job = job_from_json(line, &file.issues);
  if (!file.job) return file;
  if (std::string why = too_large(*file.job); !why.empty()) {
    file.issues.push_back({"job", std::move(why)});
    file.job.reset();
    return file;
  }
  file.board = std::make_unique<JobBoard>(*file.job, shard, shards);
  JobBoard& board = *file.board;
  const std::string head = head_text(file.format, *file.job, *board.work());
  if (text.substr(0, head.size()) != head) {  // written by another version, or by hand: begin anew
    file.good_bytes = 0;
    return file;
  }
  rest = text.substr(head.size());
  file.good_bytes = head.size();
  while (!board.finished()) {
    const auto item = board.take();
    if (!item) break;
    const Work& work = board.work_of(*item);
    std::vector<double> cells;
    bool good = true;
    for (std::size_t k = work.rows(*item - board.round_first()); k > 0 && good; --k)
      good = read_row(file.format, work, next_line(rest), *item, cells);
    if (!good) {
      board.give_back(*item);
      break;
    }
    board.put(*item, std::move(cells));
    file.good_bytes = size - rest.size();
  }
  // What follows is torn, or whole and of somebody else.
  rest = text.substr(file.good_bytes);
  const std::string_view after = next_line(rest);
  const std::optional<std::size_t> item = item_of(file.format, after);
  std::vector<double> ignored;
  const auto expected = board.finished() ? std::nullopt : board.take();
  if (expected) board.give_back(*expected);
  if (item && item != expected && read_row(file.format, *board.work(), after, *item, ignored)) file.stranger = item;
  return file;
}

std::string merge_rows(const std::vector<std::string>& texts, std::vector<Issue>& issues, std::optional<RowFormat> as) {
  // Whatever the shards were: every complete item of any file counts.
  std::optional<Job> job;
  RowFormat format = RowFormat::kJsonLines;
  std::unique_ptr<JobBoard> board;
  std::vector<std::size_t> from;  // which file each item is of
  for (std::size_t f = 0; f < texts.size(); ++f) {
    std::string_view rest = texts[f];
    const std::string name = "File " + std::to_string(f + 1);
    RowFile head = read_rows(rest.substr(0, rest.find('\n') == std::string_view::npos ? 0 : rest.find('\n') + 1));
    if (!head.job) {
      issues.push_back({"", name + " does not begin with a job, so it is not a results file of lrlab."});
      return {};
    }
    if (!job) {
      job = head.job;
      format = as.value_or(head.format);
      board = std::make_unique<JobBoard>(*job);
      from.resize(board->work()->items());
    } else if (!(*head.job == *job)) {
      issues.push_back({"", name + " belongs to another job than the first file."});
      return {};
    }
    next_line(rest);
    if (head.format == RowFormat::kCsv) next_line(rest);
    const Work& work = *board->work();
    while (!rest.empty()) {
      const std::string_view line = next_line(rest);
      const std::optional<std::size_t> said = item_of(head.format, line);
      if (!said || *said >= work.items()) continue;
      const std::size_t item = *said;
      std::vector<double> cells;
      bool good = read_row(head.format, work, line, item, cells);
      std::string_view after = rest;
      for (std::size_t k = 1; k < work.rows(item) && good; ++k) good = read_row(head.format, work, next_line(after), item, cells);
      if (!good) continue;
      rest = after;
      if (board->rows(item).empty()) {
        from[item] = f;
        board->put(item, std::move(cells));
      } else if (rows_text(format, work, item, board->rows(item)) != rows_text(format, work, item, cells)) {
        issues.push_back({"", "Item " + std::to_string(item) + " is not the same in file " + std::to_string(from[item] + 1) + " and in file " + std::to_string(f + 1) +
                                  ": one of them is damaged, or was made by another version of lrlab."});
        return {};
      }
    }
  }
  if (!board) return {};
  std::vector<std::size_t> missing;
  std::string out = head_text(format, *job, *board->work());
  for (std::size_t i = 0; i < board->work()->items(); ++i) {
    if (board->rows(i).empty())
      missing.push_back(i);
    else
      out += rows_text(format, *board->work(), i, board->rows(i));
  }
  if (!missing.empty()) {
    std::string some;
    for (std::size_t k = 0; k < std::min<std::size_t>(5, missing.size()); ++k) some += (k ? ", " : "") + std::to_string(missing[k]);
    issues.push_back({"", std::to_string(missing.size()) + " of " + std::to_string(board->work()->items()) +
                              " items are missing (" + some + (missing.size() > 5 ? ", …" : "") +
                              "): a shard has not finished. Run it again with --resume."});
  }
  return out;
}

}  // namespace lrlab
