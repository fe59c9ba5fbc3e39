// A pool of workers that run jobs: threads natively, Web Workers in a page.
#pragma once

#include <memory>

#include "experiment/jobs.h"

namespace lrlab {

// `workers` 0: as many as the machine has processors (in a page: one less, for the page itself).
// They are started by the first job and live as long as the pool.
std::unique_ptr<JobRunner> make_pool(int workers = 0);

}  // namespace lrlab
