// What the command line says when something is wrong: one sentence, which thing, what is allowed.
#include "cli_run.h"

namespace lrlab::cli {
namespace {

// One line on the error stream, nothing on the other, and it contains all of these.
void check_error(const std::vector<std::string>& arguments, int code, std::initializer_list<std::string_view> parts) {
  const Ran r = lrlab(arguments);
  CAPTURE(r.err);
  CHECK(r.code == code);
  CHECK(r.out.empty());
  CHECK(r.err.size() < 400);
  CHECK(r.err.ends_with(".\n"));
  CHECK(r.err.find('\n') == r.err.size() - 1);
  CHECK(r.err.starts_with("lrlab"));
  for (std::string_view part : parts) CHECK(has(r.err, part));
}

TEST_CASE("lrlab: errors of use name the flag, what was wrong and what is allowed") {
  check_error({"rnu"}, kWrongUse, {"no command 'rnu'", "did you mean 'run'"});
  check_error({"swep", "--help"}, kWrongUse, {"no command 'swep'", "did you mean 'sweep'"});
  check_error({"sweep", "--shard", "0/4", "--out", "x.jsonl", "--plot", "x.svg"}, kWrongUse, {"--plot", "merge"});
  check_error({"run", "--strict", "--set", "optimizer=ADAM"}, kWrongUse, {"did you mean 'adam'"});
  check_error({"--nothing"}, kWrongUse, {"no option '--nothing'"});
  check_error({"run", "--step", "5"}, kWrongUse, {"lrlab run", "no option '--step'", "did you mean '--steps'"});
  check_error({"run", "extra"}, kWrongUse, {"'extra'"});
  check_error({"run", "--steps", "abc"}, kWrongUse, {"--steps was 'abc'", "a whole number from 0 to 1000000000"});
  check_error({"run", "--steps", "-1"}, kWrongUse, {"--steps was '-1'"});
  check_error({"run", "--steps", "1.5"}, kWrongUse, {"--steps was '1.5'"});
  check_error({"run", "--steps", "1e99"}, kWrongUse, {"--steps was '1e99'"});
  check_error({"run", "--steps", "nan"}, kWrongUse, {"--steps was 'nan'"});
  check_error({"run", "--steps", ""}, kWrongUse, {"--steps"});
  check_error({"run", "--steps"}, kWrongUse, {"--steps needs a value"});
  check_error({"run", "--every", "0"}, kWrongUse, {"--every was '0'", "from 1"});
  check_error({"run", "--set", "lr"}, kWrongUse, {"--set was 'lr'", "KEY=VALUE"});
  check_error({"run", "--set", "=1"}, kWrongUse, {"--set was '=1'"});
  check_error({"run", "--csv", "-", "--json"}, kWrongUse, {"--csv", "--json"});
  check_error({"docs", "--check", "a", "--write", "b"}, kWrongUse, {"--check", "--write"});
  check_error({"run", std::string(100000, 'x')}, kWrongUse, {"xxx"});
}

TEST_CASE("lrlab: bad files are named with what is the matter") {
  const Folder folder("bad_files");
  check_error({"run", "--config", folder.file("nothing.json")}, kWrongUse, {"nothing.json' does not exist"});
  check_error({"run", "--config", folder.path.string()}, kWrongUse, {"is a folder, not a file"});
  check_error({"run", "--config", folder.write("empty.json", "")}, kWrongUse, {"empty.json", "not JSON"});
  check_error({"run", "--config", folder.write("binary.json", std::string("\x7f" "ELF\0\xff\xfe", 7))}, kWrongUse,
              {"binary.json", "line 1, column 1"});
  check_error({"run", "--config", folder.write("list.json", "[1, 2]")}, kWrongUse, {"must be an object"});
  check_error({"run", "--config", folder.write("torn.json", "{\"lr\": 0.1,\n\"seed\"")}, kWrongUse, {"line 2"});
  const std::string huge = folder.write("huge.json", "{");
  std::filesystem::resize_file(huge, 100'000'000);
  check_error({"run", "--config", huge}, kWrongUse, {"100000000 bytes", "at most 4194304"});
  const std::string table = folder.write("table.csv", "a,b,kind\n1,2,x\n3,oops,y\n5,6,x\n");
  check_error({"run", "--data", table}, kWrongUse, {"table.csv", "Line 3, column 2 ('b')", "'oops'"});
  check_error({"run", "--data", table, "--column", "knd"}, kWrongUse, {"--column was 'knd'", "did you mean 'kind'"});
  check_error({"run", "--data", huge}, kWrongUse, {"100000000 bytes", "at most 2097152"});
  check_error({"run", "--column", "b"}, kWrongUse, {"--data"});
  check_error({"run", "--set", "dataset=custom"}, kWrongUse, {"no samples", "--data"});
  check_error({"run", "--csv", folder.file("no/such/folder.csv"), "--steps", "1"}, kFailed, {"--csv", "cannot be written"});
  check_error({"docs", "--check", folder.write("README.md", "# Nothing\n")}, kWrongUse, {"lrlab docs: begin"});
  check_error({"docs", "--check", folder.file("none.md")}, kWrongUse, {"does not exist"});
#ifndef __EMSCRIPTEN__
  if (std::filesystem::exists("/dev/full"))
    check_error({"run", "--csv", "/dev/full", "--steps", "5"}, kFailed, {"--csv", "could not be written to the end"});
#endif
}

TEST_CASE("lrlab: help has examples, for the program and for every command") {
  const Ran top = lrlab({"--help"});
  CHECK(top.code == 0);
  CHECK(has(top.out, "Examples:"));
  for (const Command& c : commands()) {
    CAPTURE(c.name);
    CHECK(has(top.out, c.name));
    const Ran r = lrlab({c.name, "--help"});
    CHECK(r.code == 0);
    CHECK(r.err.empty());
    CHECK(has(r.out, "Examples:\n  lrlab "));
    CHECK(has(r.out, std::string("lrlab ") + c.name));
  }
  CHECK(lrlab({}).code == kWrongUse);
  CHECK(has(lrlab({}).out, "Examples:"));
  CHECK(lrlab({"--version"}).code == 0);
  CHECK(has(lrlab({"--version"}).out, "v=1"));
}

}  // namespace
}  // namespace lrlab::cli
