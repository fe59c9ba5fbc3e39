#include <nlohmann/json.hpp>

#include "cli/text.h"
#include "cli_run.h"
#include "core/parse.h"
#include "experiment/codec.h"
#include "experiment/export.h"

namespace lrlab::cli {
namespace {

nlohmann::json json_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "run");
  arguments.push_back("--json");
  const Ran r = lrlab(arguments);
  CHECK(r.code == 0);
  const auto j = nlohmann::json::parse(r.out, nullptr, false);
  REQUIRE(j.is_object());
  return j;
}

std::string hash_of(const std::string& query, int steps) {
  const Config c = from_query(query);
  Trainer t(make_problem(c), c.train);
  for (int i = 0; i < steps; ++i) t.step();
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_bits(t.theta())));
  return text;
}

TEST_CASE("lrlab run --json: has what issue 2 lists, and the bits of the same run anywhere") {
  const auto j = json_of({"--query", "dataset=moons&optimizer=adam&lr=0.01", "--steps", "150"});
  CHECK(j["steps"] == 150);
  CHECK(j["train_loss"] > 0);
  CHECK(j["test_loss"] > 0);
  CHECK(j["train_accuracy"] > 0.5);
  CHECK(j["test_accuracy"] > 0.5);
  CHECK(j["verdict"].is_string());
  CHECK(j["theta_hash"] == hash_of("dataset=moons&optimizer=adam&lr=0.01", 150));
  CHECK(j["config"] == "v=1&dataset=moons&optimizer=adam&lr=0.01");
  CHECK(j["seconds"] >= 0);
  CHECK_FALSE(j.contains("diverged_at"));
  CHECK_FALSE(j.contains("issues"));
}

TEST_CASE("lrlab run: 1000 steps unless told; 0 steps is the start") {
  CHECK(json_of({})["steps"] == 1000);
  const auto j = json_of({"--steps", "0"});
  CHECK(j["steps"] == 0);
  CHECK(j["theta_hash"] == hash_of("", 0));
}

TEST_CASE("lrlab run --data: a CSV file is learned, and its run is the same every time") {
  const Folder folder("own_data");
  std::string text = "\xEF\xBB\xBFlength;width;kind\r\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(i < 20 ? i : i + 20) + ";" + std::to_string(i % 7) + (i < 20 ? ";short\r\n" : ";long\r\n");
  const std::vector<std::string> args{"run", "--data", folder.write("kinds.csv", text), "--steps", "300", "--json"};
  const Ran ran = lrlab(args);
  CHECK(ran.code == kDone);
  const auto j = nlohmann::json::parse(ran.out);
  CHECK(j["test_accuracy"] == 1.0);
  CHECK(j["theta_hash"] == nlohmann::json::parse(lrlab(args).out)["theta_hash"]);
  const Ran number = lrlab({"run", "--data", folder.file("kinds.csv"), "--column", "width", "--set", "test_fraction=0", "--steps", "5"});
  CHECK(number.code == kDone);
}

TEST_CASE("lrlab run: --set over --query over --config") {
  const Folder folder("precedence");
  const std::string file = folder.write("c.json", R"({"optimizer": "adam", "lr": 0.5, "seed": 7, "hidden": [4]})");
  const auto config = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--steps", "1"});
    return json_of(more)["config"].get<std::string>();
  };
  CHECK(config({"--config", file}) == "v=1&hidden=4&optimizer=adam&lr=0.5&seed=7");
  CHECK(config({"--config", file, "--query", "lr=0.25"}) == "v=1&hidden=4&optimizer=adam&lr=0.25&seed=7");
  CHECK(config({"--set", "lr=0.2", "--config", file, "--query", "lr=0.25"}) == "v=1&hidden=4&optimizer=adam&lr=0.2&seed=7");
  CHECK(config({"--set", "lr=0.2", "--set", "lr=0.3", "--set", "seed=2"}) == "v=1&lr=0.3&seed=2");
  // A rate that was asked for stays, whatever the optimizer's own default is.
  CHECK(config({"--query", "lr=0.1", "--set", "optimizer=adam"}) == "v=1&optimizer=adam&lr=0.1");
  CHECK(config({"--set", "hidden=", "--set", "optimizer=adam"}) == "v=1&hidden=&optimizer=adam");
}

TEST_CASE("lrlab run --query: a whole link, or the part after its mark") {
  for (const char* query : {"lr=0.2", "?lr=0.2", "#v=1&lr=0.2", "https://example.org/lab/#v=1&lr=0.2", "http://127.0.0.1:8080/?lr=0.2"})
    CHECK(json_of({"--query", query, "--steps", "1"})["config"] == "v=1&lr=0.2");
  const Ran r = lrlab({"run", "--query", "lr=0.2&lane=lr%3D1&lane=lr%3D2&name=x", "--steps", "1"});
  CHECK(r.code == 0);
  CHECK(has(r.err, "races 3 lanes"));
  const std::string race = "v=1&optimizer=adam&lane=lr%3D0.5&lane=optimizer%3Dsgd";
  CHECK(json_of({"--query", race, "--lane", "1", "--steps", "1"})["config"] == "v=1&optimizer=adam");
  CHECK(json_of({"--query", race, "--lane", "2", "--steps", "1"})["config"] == "v=1&optimizer=adam&lr=0.5");
  CHECK(json_of({"--query", race, "--lane", "3", "--steps", "1", "--set", "seed=4"})["config"] == "v=1&seed=4");
  const Ran none = lrlab({"run", "--query", race, "--lane", "4"});
  CHECK(none.code == kWrongUse);
  CHECK(has(none.err, "--lane was 4; the link has 3 lanes"));
}

TEST_CASE("lrlab run: what was corrected is said on the error stream and in the JSON; --strict makes it an error") {
  const Ran r = lrlab({"run", "--set", "lr=99", "--set", "optimzer=adam", "--steps", "1", "--json"});
  CHECK(r.code == 0);
  CHECK(has(r.err, "'lr' was 99; allowed is a number from 1e-6 to 10. Using 10.\n"));
  CHECK(has(r.err, "(did you mean 'optimizer'?)"));
  CHECK(nlohmann::json::parse(r.out)["issues"].size() == 2);
  const Ran strict = lrlab({"run", "--set", "lr=99", "--strict"});
  CHECK(strict.code == kWrongUse);
  CHECK(strict.out.empty());
  CHECK(has(strict.err, "lrlab run: --strict: 'lr' was 99"));
}

TEST_CASE("lrlab run: a run that diverges is a result; JSON has null where a number is none, and says why") {
  const Ran r = lrlab({"run", "--set", "dataset=sine", "--set", "lr=10", "--json"});
  CHECK(r.code == 0);
  const auto j = nlohmann::json::parse(r.out, nullptr, false);
  CHECK(j["verdict"] == "diverged");
  CHECK(j["train_loss"].is_null());
  CHECK(j["null_because"]["train_loss"].is_string());
  CHECK(j["diverged_at"] == j["steps"]);  // one number, everywhere
  CHECK_FALSE(j.contains("test_accuracy"));  // no classes
  CHECK(has(lrlab({"run", "--set", "lr=10"}).out, "diverged"));
  const auto none = json_of({"--set", "test_fraction=0", "--steps", "3"});
  CHECK(none["test_loss"].is_null());
  CHECK(none["null_because"]["test_loss"] == "no test samples");
  CHECK(none["train_loss"] > 0);
}

TEST_CASE("lrlab run: trains surfaces as well") {
  const auto j = json_of({"--set", "surface=ravine", "--set", "lr=0.05", "--steps", "500"});
  CHECK(j["train_loss"] < 1e-3);
  CHECK(j["parameters"] == 2);
  CHECK(has(lrlab({"run", "--set", "surface=ravine"}).out, "Ravine"));
}

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t end = line.find(',');
    out.emplace_back(line.substr(0, end));
    if (end == std::string_view::npos) return out;
    line.remove_prefix(end + 1);
  }
}

TEST_CASE("lrlab run --csv: a row per step, numbers that read back exactly") {
  const Folder folder("csv");
  const std::string file = folder.file("run.csv");
  CHECK(lrlab({"run", "--set", "clip=norm", "--set", "max_norm=0.5", "--steps", "20", "--csv", file}).code == 0);
  const std::string text = slurp(file);
  const std::vector<std::string_view> lines = lines_of(text);
  REQUIRE(lines.size() == 22);
  CHECK(lines[0] == "step,epoch,loss,lr,train_loss,test_loss,test_accuracy,grad_norm,clipped_norm,update_norm,"
                    "weight_norm,momentum,clip_factor,rate_min,rate_median,rate_max,"
                    "grad_norm_1,update_ratio_1,grad_norm_2,update_ratio_2,grad_norm_3,update_ratio_3");
  const Config c = from_query("clip=norm&max_norm=0.5");
  Trainer t(make_problem(c), c.train);
  Telemetry telemetry;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> row = cells(lines[i]);
    REQUIRE(row.size() == 22);
    const auto number = [&](std::size_t k) {
      double v = 0;
      CHECK(parse_number(row[k], v) == row[k].size());
      return v;
    };
    CHECK(row[0] == std::to_string(i - 1));
    CHECK(number(4) == t.evaluate_train().loss);
    CHECK(number(5) == t.evaluate_test().loss);
    CHECK(number(6) == t.evaluate_test().accuracy);
    if (i + 1 == lines.size()) {
      CHECK(row[2].empty());  // the last row is the state after the last update
      break;
    }
    const StepReport report = t.step(&telemetry);
    CHECK(number(2) == report.loss);
    CHECK(number(3) == report.lr);
    CHECK(number(7) == telemetry.grad_norm);
    CHECK(number(8) == telemetry.clipped_norm);
    CHECK(number(9) == telemetry.update_norm);
    CHECK(row[11].empty());  // SGD has no momentum
    CHECK(number(12) == report.clip.factor);
    CHECK(number(14) == telemetry.rate_quantile[2]);
    CHECK(number(20) == telemetry.layers[2].grad_norm);
  }
  // Every tenth, and to the standard output.
  const Ran some = lrlab({"run", "--steps", "25", "--every", "10", "--csv", "-"});
  CHECK(lines_of(some.out).size() == 5);  // head, 0, 10, 20, 25
  CHECK(lines_of(some.out).back().starts_with("25,"));
}

TEST_CASE("lrlab run: recording changes nothing in the run") {
  const Folder folder("same");
  const std::vector<std::string> plain{"--query", "optimizer=adam&averaging=ema&early_stop=3&schedule=plateau", "--steps", "300"};
  std::vector<std::string> recorded = plain;
  recorded.insert(recorded.end(), {"--csv", folder.file("x.csv"), "--every", "7"});
  const auto a = json_of(plain), b = json_of(recorded);
  CHECK(a["theta_hash"] == b["theta_hash"]);
  CHECK(a["test_loss"] == b["test_loss"]);
  CHECK(a["verdict"] == b["verdict"]);
}

TEST_CASE("lrlab run: the receipt of a link is checked") {
  const std::string link = "v=1&dataset=moons&lane=lr%3D0.3", hashes = receipt(race_from_query(link), 30);
  CHECK(json_of({"--query", link + "&expect=" + hashes, "--steps", "5"})["receipt"] == "same");
  CHECK_FALSE(json_of({"--query", link, "--steps", "5"}).contains("receipt"));
  const Ran other = lrlab({"run", "--query", link + "&lr=0.2&expect=" + hashes, "--steps", "5"});
  CHECK(other.code == kFailed);
  CHECK(other.out.find("not reproduced") != std::string::npos);
  for (const char* bad : {"zzzz@5", "nonsense", "0f3a@", "0f3a@0", "@5x"}) {
    const Ran r = lrlab({"run", "--query", link + "&expect=" + bad, "--steps", "5"});
    CHECK(r.code == kWrongUse);
    CHECK(r.err.find("the receipt 'expect' was '") != std::string::npos);
  }
}

TEST_CASE("lrlab run: Ctrl-C ends it with what was done so far") {
  interrupted = 1;
  const Ran r = lrlab({"run", "--steps", "1000000000", "--json"});
  interrupted = 0;
  CHECK(r.code == kInterrupted);
  CHECK(nlohmann::json::parse(r.out)["interrupted"] == true);
}

}  // namespace
}  // namespace lrlab::cli
