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
  CHECK(many.code == kWrongUse);  // what varies is not corrected: it may be hours of work
  for (const auto& [axis, says] : {std::pair{"hidden=4,8;16,16", "4,8;16"}, {"optimizer=sgd,sgd", "twice"}, {"lr=0.1:0.1:log:3", "begins and ends"}, {"lr=1e-99:1:log:3", "lr"}}) {
    const Ran bad = lrlab({"sweep", "--query", "dataset=moons&count=10&hidden=2&test_fraction=0", "--grid", axis, "--steps", "1"});
    CAPTURE(std::string(axis));
    CHECK(bad.code == kWrongUse);
    CHECK(has(bad.err, "--grid"));
    CHECK(has(bad.err, says));
  }
  CHECK(lrlab({"map", "--query", "v=1", "--grid", "optimizer=sgd,adam", "--grid", "activation=tanh,relu", "--size", "16", "--steps", "2"}).code == kWrongUse);
  CHECK(has(lrlab({"crossval", "--help"}).out, "Without it: the one config"));
}

TEST_CASE("jobs: what is too large, or a shard that goes nowhere, is refused before anything is computed") {
  const Ran large = lrlab({"sweep", "--grid", "lr=1e-4:1:log:1024", "--grid", "l2=0:1:lin:1024", "--grid", "l1=0:1:lin:1024", "--seeds", "1000", "--steps", "1000000"});
  CHECK(large.code == kWrongUse);
  CHECK(has(large.err, "at most 100000"));
  const Ran shard = sweep({"--shard", "0/2"});
  CHECK(shard.code == kWrongUse);
  CHECK(has(shard.err, "--out"));
  CHECK(sweep({"--shard", "0/2", "--out", "-"}).code == kDone);
}

TEST_CASE("jobs: the experiment of a link is run by its command, and named where it is another's") {
  const auto head = [](const Ran& ran) { return ran.out.substr(0, ran.out.find('\n')); };
  const Ran fractal = lrlab({"map", "--query", "http://127.0.0.1:8090/#v=1&job=fractal", "--set", "hidden=3", "--size", "16", "--steps", "1", "--out", "-"});
  CHECK(fractal.code == kDone);
  CHECK(fractal.err.empty());
  CHECK(has(head(fractal), R"("dataset":"random")"));
  CHECK(has(head(fractal), R"("hidden":"3")"));
  CHECK(has(head(fractal), "lr=0.1:10:log"));
  const Ran json = lrlab({"sweep", "--query", R"(lr=0.2&dataset=moons&job={"job":"sweep","axes":["l2=0:1:lin:2"],"steps":3})", "--out", "-"});
  CHECK(json.code == kDone);
  CHECK(has(head(json), R"("lr":0.2)"));
  CHECK(has(head(json), R"("steps":3)"));
  const Ran other = lrlab({"map", "--query", "v=1&dataset=moons&count=10&job=find-lr", "--size", "16", "--steps", "1"});
  CHECK(other.code == kDone);
  CHECK(has(other.err, "left out. 'lrlab find-lr' runs it."));
  CHECK(has(lrlab({"map", "--query", "job=nonsense", "--size", "16", "--steps", "1"}).err, "'nonsense'"));
}

TEST_CASE("jobs: --grid takes the place of a preset's axis of that key; what has no room is named") {
  const auto axes = [](const Ran& ran) { return ran.out.substr(ran.out.find("\"axes\""), 80); };
  const Ran one = lrlab({"sweep", "--preset", "optimizers", "--grid", "lr=0.1,0.2", "--steps", "1", "--seeds", "1", "--out", "-"});
  CHECK(one.err.empty());
  CHECK(has(axes(one), R"(["optimizer=sgd,momentum,nesterov,adam","lr=0.1,0.2"])"));
  const Ran map = lrlab({"map", "--preset", "lr_momentum", "--grid", "l2=0:1:lin", "--grid", "lr=0.1:1:log", "--size", "16", "--steps", "1", "--out", "-"});
  CHECK(has(map.err, "momentum=0:0.99"));
  CHECK(has(axes(map), R"(["l2=0:1:lin:12","lr=0.1:1:log:12"])"));
}

#ifdef LRLAB_HAS_FLOCK
TEST_CASE("jobs: --out may be what is no file") {
  CHECK(sweep({"--out", "/dev/null"}).code == kDone);
  CHECK(sweep({"--out", "/dev/null"}).code == kDone);
}
#endif

TEST_CASE("jobs: --resume says what is damaged, and nothing of a torn last line") {
  const Folder folder("jobs_damage");
  const std::string out = folder.file("p.jsonl");
  CHECK(sweep({"--out", out}).code == kDone);
  const std::string whole = slurp(out);
  std::size_t at = 0;
  for (int line = 1; line < 5; ++line) at = whole.find('\n', at) + 1;
  std::string text = whole;
  text[at + 3] = '#';
  folder.write("p.jsonl", text);
  const Ran damaged = sweep({"--resume", "--out", out});
  CHECK(damaged.code == kDone);
  CHECK(has(damaged.err, "damaged from line 5 on: 5 lines are computed again."));
  CHECK(slurp(out) == whole);
  folder.write("p.jsonl", whole.substr(0, whole.size() - 4));
  const Ran torn = sweep({"--resume", "--out", out});
  CHECK(!has(torn.err, "damaged"));
  CHECK(has(torn.err, "Continuing"));
  CHECK(slurp(out) == whole);
}

TEST_CASE("jobs: the words of crossval, stability and find-lr fit their numbers") {
  const Ran folds = lrlab({"crossval", "--set", "count=20", "--set", "hidden=2", "--grid", "lr=1e-3:0.1:log:3", "--folds", "2", "--steps", "2"});
  const std::size_t chosen = folds.out.find("Chosen: ");
  REQUIRE(chosen != std::string::npos);
  CHECK(folds.out.substr(chosen).size() < 90);
  CHECK(has(lrlab({"sweep", "--grid", "lr=0.1:1:log:0", "--set", "count=10", "--steps", "1"}).err, "0 points"));
  const std::vector<std::string> edge{"stability", "--set", "count=20", "--set", "hidden=2", "--grid", "lr=0.01,0.02", "--steps", "2", "--points", "2", "--set"};
  auto adam = edge, sgd = edge;
  adam.push_back("optimizer=adam");
  sgd.push_back("optimizer=sgd");
  CHECK(has(lrlab(adam).out, "2/lr is the limit of plain"));
  CHECK(!has(lrlab(sgd).out, "2/lr is the limit of plain"));
}

}  // namespace lrlab::cli
