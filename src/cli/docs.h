#pragma once

#include <string>

namespace lrlab::cli {

// The README's tables as Markdown, markers included.
std::string docs_markdown();

}  // namespace lrlab::cli
