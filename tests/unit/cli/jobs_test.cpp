// The commands that run jobs: their files, what they refuse, and what they say.
#include "unit/cli/cli_run.h"

#if __has_include(<sys/file.h>) && !defined(__EMSCRIPTEN__)
#define LRLAB_HAS_FLOCK
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#endif

namespace lrlab::cli {

namespace {

// A small sweep of eight items, and more options.
Ran sweep(std::vector<std::string> more) {
  std::vector<std::string> all{"sweep", "--query", "dataset=moons&count=40&hidden=4", "--grid", "lr=1e-3:1:log:8", "--steps", "5", "--jobs", "1"};
  all.insert(all.end(), more.begin(), more.end());
  return lrlab(all);
}

}  // namespace

TEST_CASE("jobs: --resume refuses the file of another shard and leaves it as it is") {
  const Folder folder("jobs_shard");
  const std::string part = folder.file("p.jsonl");
  CHECK(sweep({"--shard", "1/3", "--out", part}).code == kDone);
  const std::string before = slurp(part);
  for (const char* other : {"0/3", "2/3", "1/2", "0/1"}) {
    CAPTURE(other);
    const Ran ran = sweep({"--shard", other, "--resume", "--out", part});
    CHECK(ran.code == kWrongUse);
    CHECK(has(ran.err, "another shard"));
    CHECK(slurp(part) == before);
  }
  CHECK(sweep({"--resume", "--out", part}).code == kWrongUse);
  CHECK(slurp(part) == before);
  // Torn in its last line it is still its own.
  folder.write("p.jsonl", before.substr(0, before.size() - 10));
  CHECK(sweep({"--shard", "1/3", "--resume", "--out", part}).code == kDone);
  CHECK(slurp(part) == before);
}

#ifdef LRLAB_HAS_FLOCK
TEST_CASE("jobs: a file that another process writes is refused") {
  const Folder folder("jobs_lock");
  const std::string out = folder.file("p.jsonl");
  const int other = open(out.c_str(), O_RDWR | O_CREAT, 0600);
  REQUIRE(flock(other, LOCK_EX | LOCK_NB) == 0);
  const Ran ran = sweep({"--resume", "--out", out});
  CHECK(ran.code == kWrongUse);
  CHECK(has(ran.err, "another lrlab"));
  CHECK(slurp(out).empty());
  close(other);
  CHECK(sweep({"--resume", "--out", out}).code == kDone);
}
#endif

TEST_CASE("jobs: what is said wins over a preset") {
  const Ran ran = lrlab({"map", "--query", "dataset=moons&count=40", "--set", "hidden=4", "--preset", "fractal", "--size", "16", "--steps", "1", "--out", "-"});
  CHECK(ran.code == kDone);
  const std::string head = ran.out.substr(0, ran.out.find('\n'));
  CHECK(has(head, R"("dataset":"moons")"));
  CHECK(has(head, R"("hidden":"4")"));
  CHECK(has(head, R"("count":40)"));
  CHECK(has(head, R"("loss":"mse")"));  // of the preset
}

TEST_CASE("stability: an axis that is no rate has its own column, and the rate and 2/lr stay the rate's") {
  const Ran ran = lrlab({"stability", "--grid", "momentum=0,0.9", "--query", "dataset=moons&count=40&hidden=4&optimizer=momentum&lr=0.05", "--steps", "10", "--points", "2"});
  CHECK(ran.code == kDone);
  CHECK(has(ran.out, "momentum"));
  CHECK(has(ran.out, "\n0             0.05 "));
  CHECK(has(ran.out, "\n0.9           0.05 "));
  CHECK(has(ran.out, " 40 "));
}

TEST_CASE("merge: writes the form that the name says, over nothing, and refuses files that disagree") {
  const Folder folder("jobs_merge");
  const std::string a = folder.file("a.jsonl"), b = folder.file("b.csv"), both = folder.file("both.csv");
  CHECK(sweep({"--shard", "0/2", "--out", a}).code == kDone);
  CHECK(sweep({"--shard", "1/2", "--out", b}).code == kDone);
  CHECK(lrlab({"merge", a, b, "--out", both}).code == kDone);
  CHECK(slurp(both).starts_with("# {"));
  CHECK(lrlab({"merge", b, a, "--out", folder.file("both.jsonl")}).code == kDone);
  CHECK(slurp(folder.file("both.jsonl")).starts_with("{\"v\""));
  const Ran again = lrlab({"merge", a, b, "--out", both});
  CHECK(again.code == kWrongUse);
  CHECK(has(again.err, "exists"));
  std::string text = slurp(a);
  text.replace(text.find("\"train_loss\":0") + 13, 1, "7");
  const Ran ran = lrlab({"merge", a, b, folder.write("c.jsonl", text)});
  CHECK(ran.code == kFailed);
  CHECK(has(ran.err, "Item 0"));
  CHECK(has(ran.err, "file 1"));
  CHECK(has(ran.err, "file 3"));
}

TEST_CASE("jobs: what is wrong with the files is said before anything is computed") {
  const Folder folder("jobs_files");
  const std::string out = folder.file("x.svg");
  for (const auto& [name, words] : std::vector<std::pair<std::string, std::string>>{
           {"x.pdf", "end in .svg"}, {"-", "end in .svg"}, {"x.png", "end in .svg"}, {folder.file("no/x.svg"), "no folder"}, {folder.path.string(), "svg"}, {out, "--out"}}) {
    CAPTURE(name);
    const Ran ran = sweep({"--plot", name, "--out", out});
    CHECK(ran.code == kWrongUse);
    CHECK(has(ran.err, words));
    CHECK(ran.out.empty());
    CHECK(!std::filesystem::exists(out));
  }
  CHECK(has(sweep({"--resume"}).err, "--out"));
  CHECK(has(sweep({"--lane", "3", "--query", "lr=1"}).err, "1 lane"));
  CHECK(has(lrlab({"sweep", "--lane", "3"}).err, "--query"));
}

TEST_CASE("sweep: samples of two axes have one best line, and a rate that does not learn is not good") {
  const Ran random = sweep({"--grid", "l2=0:0.1:lin", "--search", "random", "--samples", "6"});
  CHECK(random.code == kDone);
  CHECK(!has(random.out, "decades"));
  const std::size_t best = random.out.find("Best: lr ");
  REQUIRE(best != std::string::npos);
  CHECK(random.out.find("Best", best + 1) == std::string::npos);
  CHECK(has(random.out.substr(best), ", l2 "));
  const Ran hopeless = lrlab({"sweep", "--query", "dataset=moons&optimizer=adam", "--grid", "lr=0:10:lin:3", "--steps", "50"});
  CHECK(has(hopeless.out, "No good rate"));
  CHECK(!has(hopeless.out, "good from"));
  CHECK(has(hopeless.out, "Good: within"));
  CHECK(has(lrlab({"sweep", "--help"}).out, "Good: within"));
}

TEST_CASE("find-lr: a first rate above the last is put right in a sentence; too many points name the limit") {
  const Ran turned = lrlab({"find-lr", "--query", "dataset=moons&count=40&hidden=4", "--start-lr", "1", "--end-lr", "0.1", "--num-iter", "10", "--seeds", "1", "--no-verify"});
  CHECK(turned.code == kDone);
  CHECK(has(turned.err, "Using 0.1 to 1"));
  const Ran many = lrlab({"sweep", "--query", "dataset=moons&count=10&hidden=2&test_fraction=0", "--grid", "lr=0.1:1:log:100000000", "--steps", "1"});
  CHECK(has(many.err, "1024"));
  CHECK(many.code == kDone);
  CHECK(has(lrlab({"crossval", "--help"}).out, "Without it: the one config"));
}

}  // namespace lrlab::cli
