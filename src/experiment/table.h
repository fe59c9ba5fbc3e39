// A CSV file as samples: first taken apart into cells, then columns are chosen. Every message names
// the line of the file and the column. A pure function of the text; the text may be anything.
//
// RFC 4180 with what people send: commas, semicolons or tabs; quotes with line breaks and doubled
// quotes inside; any line ends; a byte order mark; blank lines.
#pragma once

#include "experiment/own_data.h"

namespace lrlab {

inline constexpr std::size_t kMaxTable = 2 << 20;      // bytes of a file
inline constexpr std::size_t kMaxTableRows = 20000;
inline constexpr std::size_t kMaxTableColumns = 128;
inline constexpr std::size_t kMaxTableInputs = 64;
inline constexpr std::size_t kMaxTableClasses = 10;

struct Table {
  std::size_t rows = 0, columns = 0;
  std::vector<std::string> cells;   // [rows][columns], the header's row too
  std::vector<std::size_t> line;    // [rows]: where each begins in the file, from 1
  std::string error;                // a sentence; empty: it could be read
  const std::string& cell(std::size_t row, std::size_t column) const { return cells[row * columns + column]; }
};
// `size`: of the file, where `text` is only its beginning.
Table read_table(std::string_view text, std::size_t most = kMaxTable, std::size_t size = 0);

struct TableChoice {
  bool header = true;           // the first row has names
  std::vector<bool> input;      // per column; the target is never one
  int target = 0;               // column that is to be learned
  bool classes = true;          // the target's values are names of classes; else numbers
  bool scale = true;            // numbers to learn are brought to mean 0 and deviation 1
};
// A first row without numbers is a header; the last column is the target, of classes where it is text
// or has few whole values; the other columns with mostly numbers are inputs.
TableChoice suggest(const Table& table, int target = -1);  // −1: the last

std::string column_name(const Table& table, const TableChoice& choice, std::size_t column);
bool is_numbers(const Table& table, bool header, std::size_t column);  // most of its cells

// The samples, or nothing and a sentence that says what is in the way.
Own own_from_table(const Table& table, const TableChoice& choice, std::string_view name, std::string& error);

}  // namespace lrlab
