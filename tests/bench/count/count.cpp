// Takes n steps of one workload and nothing else: what tests/bench/instructions.mjs counts.
//   lrlab-count w1 100
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "experiment/bench.h"

int main(int argc, char** argv) {
  using namespace lrlab;
  for (const Workload& w : workloads()) {
    if (argc != 3 || std::strcmp(w.id, argv[1]) != 0 || w.inputs == 0) continue;
    const std::unique_ptr<Trainer> trainer = make_trainer(w);
    for (long n = std::atol(argv[2]); n > 0; --n) trainer->step();
    std::printf("%016llx\n", static_cast<unsigned long long>(hash_bits(trainer->theta())));
    return 0;
  }
  std::fprintf(stderr, "usage: lrlab-count w1|w2|w3|w4|w5 STEPS\n");
  return 2;
}
