// The landscape around a lane of a live race.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiment/jobs/landscape.h"
#include "unit/experiment/jobs_run.h"

namespace lrlab {
namespace {

Session trained(std::uint64_t steps) {
  Session session(race_from_query("v=1&dataset=moons&hidden=6&count=100&lr=0.2&lane=lr%3D0.02"));
  session.run(steps);
  return session;
}

TEST_CASE("landscape of a lane: its middle is where the lane is, and moves with it") {
  Session session = trained(120);
  Lane& lane = session.lane(0);
  Job job = landscape_of(lane, false);
  CHECK(validate(job).empty());
  const Point2 here = on_plane(job, lane.trainer().theta());
  CHECK(std::fabs(here.x) < 1e-6);
  CHECK(std::fabs(here.y) < 1e-6);
  job.set("size", 1);
  JobBoard board(job);
  finish(board);
  const LandscapePicture p = landscape_picture(board);
  // The four cells around the middle lie close to it.
  const auto at = [&](int x, int y) { return p.loss[static_cast<std::size_t>(y * p.size + x)]; };
  const double middle = (at(15, 15) + at(16, 15) + at(15, 16) + at(16, 16)) / 4;
  CHECK(middle == doctest::Approx(lane.trainer().evaluate_train().loss).epsilon(0.05));

  session.look_at(40);
  CHECK(landscape_of(lane, false).plane[0] != job.plane[0]);
  CHECK(landscape_of(lane, false, 2).plane[1] != landscape_of(lane, false, 1).plane[1]);
}

TEST_CASE("landscape of a lane: the plane of its path shows the whole path, also of other lanes") {
  Session session = trained(300);
  const Lane& lane = session.lane(0);
  const Job job = landscape_of(lane, true);
  double reach = 0;
  for (const auto& theta : lane.waypoints()) {
    const Point2 q = on_plane(job, theta);
    CHECK(std::fabs(q.x) <= 1);
    CHECK(std::fabs(q.y) <= 1);
    reach = std::max({reach, std::fabs(q.x), std::fabs(q.y)});
  }
  CHECK(reach > 0.7);
  const Point2 start = on_plane(job, lane.waypoints().front()), other = on_plane(job, session.lane(1).waypoints().front());
  CHECK(start.x == doctest::Approx(other.x));  // the same first weights
  CHECK(start.y == doctest::Approx(other.y));
  const auto again = job_from_json(to_json(job));  // as a worker gets it
  REQUIRE(again);
  CHECK(*again == job);
}

TEST_CASE("landscape of a lane: a run that has not moved has no path, so directions are drawn") {
  Session session = trained(0);
  const Job job = landscape_of(session.lane(0), true);
  CHECK(job == landscape_of(session.lane(0), false));
  Session surface(race_from_query("v=1&surface=ravine"));
  const Job two = landscape_of(surface.lane(0), false);
  CHECK(two.plane[1] == std::vector<float>{1, 0});
}

}  // namespace
}  // namespace lrlab
