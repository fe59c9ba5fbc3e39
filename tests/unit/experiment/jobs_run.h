// For tests of jobs: do all of it here and now.
#pragma once

#include "experiment/jobs.h"

namespace lrlab {

inline void finish(JobBoard& board) {
  while (const auto item = board.take()) board.put(*item, board.work()->run(*item - board.round_first(), {}));
}

// The rows of a job of one round.
inline ItemRows run_all(const Job& job) {
  JobBoard board(job);
  finish(board);
  return board.round_rows();
}

// All of a job as the text of a results file.
inline std::string all_text(const JobBoard& board, RowFormat format = RowFormat::kJsonLines) {
  std::string s = head_text(format, board.job_of(0), board.work_of(0));
  for (std::size_t i = 0; i < board.items_known(); ++i)
    if (!board.rows(i).empty()) s += rows_text(format, board.work_of(i), i, board.rows(i));
  return s;
}

}  // namespace lrlab
