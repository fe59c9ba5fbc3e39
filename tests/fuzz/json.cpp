#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  lrlab::fuzz::json({reinterpret_cast<const char*>(data), size});
  return 0;
}
