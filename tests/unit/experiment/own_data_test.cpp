// One's own data: CSV files of all kinds, painted points, and their way through links, JSON and jobs.
#include <doctest/doctest.h>

#include "draw.h"
#include "experiment/jobs.h"
#include "experiment/session.h"
#include "experiment/table.h"

namespace lrlab {
namespace {

struct Read {
  Table table;
  Own own;
  std::string error;
};
Read read(std::string_view text, int target = -1) {
  Read r{read_table(text), {}, {}};
  r.error = r.table.error;
  if (r.error.empty()) r.own = own_from_table(r.table, suggest(r.table, target), "file.csv", r.error);
  CHECK(r.error.empty() == static_cast<bool>(r.own));
  if (!r.error.empty()) check_readable({{"", r.error}});
  return r;
}
bool says(const std::string& text, const char* part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

TEST_CASE("CSV: a header, columns of numbers and a column of names are inputs and classes") {
  const Read r = read("height,width,kind\n1,2,pear\n3.5,-4,apple\n5,6e1,pear\n");
  REQUIRE(r.own);
  CHECK(r.own->raw.features == 2);
  CHECK(r.own->raw.classes == 2);
  CHECK(r.own->raw.x == std::vector<double>{1, 2, 3.5, -4, 5, 60});
  CHECK(r.own->raw.y == std::vector<double>{1, 0, 1});  // apple, pear
  CHECK(r.own->inputs == std::vector<std::string>{"height", "width"});
  CHECK(r.own->classes == std::vector<std::string>{"apple", "pear"});
  CHECK(r.own->target == "kind");
}

TEST_CASE("CSV: byte order mark, CRLF, semicolons, quotes and blank lines are read") {
  const Read r = read("\xEF\xBB\xBF\"a \"\"x\"\"\";\"b\nc\";y\r\n\r\n1; 2 ;\"7\"\r\n3;4;8.5\r\n5;6;9");
  REQUIRE(r.own);
  CHECK(r.own->inputs == std::vector<std::string>{"a \"x\"", "b c"});
  CHECK(r.own->raw.x == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(r.own->raw.classes == 0);
  double mean = 0;
  for (double y : r.own->raw.y) mean += y;
  CHECK(std::abs(mean) < 1e-12);  // brought to mean 0
}

TEST_CASE("CSV: without a header columns are numbered; few whole numbers are classes") {
  std::string text;
  for (int i = 0; i < 20; ++i) text += std::to_string(i) + "\t" + std::to_string(i * i) + "\t" + std::to_string(1 + i % 3) + "\n";
  const Read r = read(text);
  REQUIRE(r.own);
  CHECK(r.own->raw.count() == 20);
  CHECK(r.own->raw.classes == 3);
  CHECK(r.own->inputs[1] == "column 2");
  const Read first = read(text, 0);
  REQUIRE(first.own);
  CHECK(first.own->raw.classes == 0);
  CHECK(first.own->target == "column 1");
}

TEST_CASE("CSV: what is wrong is told with its line and column") {
  CHECK(says(read("a,b,c\n1,2,x\n1,2\n").error, "Line 3 has 2 cells; the first row has 3"));
  CHECK(says(read("a,b,c\n1,2,x\n1,NaN,y\n3,4,x\n").error, "Line 3, column 2 ('b'): 'NaN' is not a finite number"));
  CHECK(says(read("a,b,c\n1,2,x\n1e999,2,y\n3,4,x\n").error, "Line 3, column 1 ('a'): '1e999' is not a finite number"));
  CHECK(says(read("a,b,c\n1,2,x\n,2,y\n3,4,x\n").error, "Line 3, column 1 ('a'): there is no value"));
  CHECK(says(read("a,b,c\n1,2,x\n4,2,x\n3,4,x\n").error, "nothing to tell apart"));
  CHECK(says(read("a,b,c\n1,2,0.5\n4,2,0.5\n3,4,0.5\n").error, "the same value in every row"));
  CHECK(says(read("a,b,c\n1,2,x\n4,2,\n3,4,x\n").error, "Line 3, column 3 ('c'): there is no class"));
  CHECK(says(read("a,b\n1,\"x\n2,y\n").error, "never closed"));
  CHECK(says(read("a,b\n1,\"x\"z\n2,y\n").error, "follows a closing quote"));
  CHECK(says(read("").error, "empty"));
  CHECK(says(read("a\n1\n2\n").error, "one column"));
  CHECK(says(read("a,b\n1,x\n").error, "2 rows only"));
  CHECK(says(read("a,b\nx,y\nz,w\nu,v\n").error, "No column is chosen"));
  CHECK(says(read(std::string("a,b\n1\0,x\n2,y\n", 13)).error, "UTF-8"));
  CHECK(says(read("\xFF\xFE" "a,b\n1,2\n").error, "UTF-8"));
  CHECK(says(read(std::string(100 << 20, '1')).error, "at most 2 MB"));
  std::string many, wide;
  for (int i = 0; i < 20002; ++i) many += "1,2\n";
  for (int i = 0; i < 200; ++i) wide += "1,";
  CHECK(says(read(many).error, "more than 20000 rows"));
  CHECK(says(read(wide).error, "more than 128 columns"));
  std::string names = "x,name\n";
  for (int i = 0; i < 40; ++i) names += "1,n" + std::to_string(i) + "\n";
  CHECK(says(read(names).error, "more than 10 different values"));
}

TEST_CASE("CSV: any text at all is read or refused with a sentence") {
  for_all(3000, [](Draw& draw) {
    static constexpr std::string_view kBits[] = {",", ";", "\t", "\n", "\r\n", "\"", "1", "2.5", "a", "-", "\xE9", "\xF0\x9F\x8D\x90", " ", "e9", "NaN", "\r", "1\n", "1,2\n"};
    std::string text;
    for (std::uint64_t n = draw.below(60); n > 0; --n) text += kBits[draw.below(std::size(kBits))];
    const Read r = read(text);
    if (!r.own) return;
    std::string error;
    CHECK(own_from_text(to_text(r.own), error) == r.own);
    CHECK(error.empty());
  });
}

TEST_CASE("painted points: a link carries them exactly, up to 150") {
  for (const bool regression : {false, true}) {
    std::vector<PaintedPoint> points;
    for (int i = 0; i < 150; ++i) points.push_back({std::sin(i) * 1.2, std::cos(3 * i), regression ? std::sin(7 * i) : i % 3});
    Config c = from_query("dataset=custom");
    c.own = paint(points, regression);
    CHECK(c.own->raw.classes == (regression ? 0 : 3));
    const std::string link = to_query(c);
    CHECK(link.size() < 800);
    std::vector<Issue> issues;
    const Config again = from_query(link, &issues);
    CHECK(issues.empty());
    CHECK(again == c);
    CHECK(again.own == c.own);
    CHECK(to_query(again) == link);

    points.push_back({0.5, 0.5, 0});
    c.own = paint(points, regression);
    CHECK(to_query(c) == "v=1&dataset=custom");
    CHECK(from_json(to_json(c)) == c);  // JSON carries all of them
    CHECK(problem_key(c) != problem_key(again));
  }
}

TEST_CASE("one's own data: bad text is refused and changes nothing") {
  for (const char* bad : {"c", "x", "c123", "cAAAA!", "vAAAA_", "cAAAAD", "numbers", "classes f.csv\na,b\n1,x\n"}) {
    CAPTURE(bad);
    std::vector<Issue> issues;
    const Config c = from_query("dataset=custom&data=" + percent_encode(bad), &issues);
    if (std::string_view(bad) != "c") {
      REQUIRE(issues.size() == 1);
      CHECK(issues[0].key == "data");
      check_readable(issues);
    }
    CHECK(c.own.count() == 0);
  }
  std::vector<Issue> issues;
  from_query("dataset=moons&data=cAAAAA", &issues);
  REQUIRE(issues.size() == 1);
  CHECK(says(issues[0].message, "belongs to dataset=custom"));
}

TEST_CASE("a file from where commas are decimal points is read as numbers") {
  const Read r = read("x;y;words;class\n1,5;-2,25;a,b;yes\n2,5;3;c;no\n0,5;1e-1;d;yes\n1;2;e;no\n");
  REQUIRE(r.own);
  CHECK(r.own->raw.features == 2);
  CHECK(r.table.cell(1, 0) == "1.5");
  CHECK(r.table.cell(1, 2) == "a,b");
}

TEST_CASE("a file's columns: JSON and jobs carry them, a link does not") {
  std::string text = "a,b,c,kind\n";
  for (int i = 0; i < 60; ++i)
    text += number_text(std::sin(i)) + "," + number_text(i / 7.0) + "," + number_text(i % 5) + (i % 5 > 2 ? ",\"high, very\"\n" : ",low\n");
  const Read r = read(text);
  REQUIRE(r.own);
  Config c = from_query("dataset=custom&test_fraction=0.3&optimizer=adam&lr=0.02");
  c.own = r.own;
  CHECK(to_query(c).find("data=") == std::string::npos);
  const Config again = from_json(to_json(c));
  CHECK(again == c);
  CHECK(again.own->classes == std::vector<std::string>{"high, very", "low"});
  const auto job = job_from_json(to_json(make_job("sweep", c)));
  REQUIRE(job);
  CHECK(job->base.own == c.own);

  // It is learned, from inputs that are standardised over the training part.
  Race race;
  race.lanes[0].config = again;
  Session session(race);
  session.run(600);
  const Data& data = *session.lane(0).trainer().problem().data;
  CHECK(data.features == 3);
  CHECK(data.test.count() == 17);
  double mean = 0;
  for (std::size_t i = 0; i < data.train.count(); ++i) mean += static_cast<double>(data.train.x.row(1)[i]);
  CHECK(std::abs(mean / static_cast<double>(data.train.count())) < 1e-5);
  CHECK(session.lane(0).train_eval().accuracy == 1);
}

TEST_CASE("no points yet: nothing trains, nothing breaks; with the first points it does") {
  Race race;
  race.lanes[0].config = from_query("dataset=custom");
  CHECK_FALSE(race.lanes[0].config.has_data());
  Session session(race);
  session.run(10);
  CHECK(session.step() == 0);
  CHECK(session.finished());
  for (const JobInfo* kind : job_kinds()) {
    Job job = make_job(kind->id, race.lanes[0].config);
    CHECK_FALSE(validate(job).empty());
    CHECK(job.base.has_data());
  }
  race.lanes[0].config.own = paint({{-0.5, 0, 0}, {0.5, 0, 1}, {0.6, 0.2, 1}}, false);
  session.set_race(race);
  session.run(300);
  CHECK(session.step() == 300);
  CHECK(session.lane(0).train_eval().accuracy == 1);
  // Equal content is the same problem: the run goes on. Other content is another one.
  race.lanes[0].config.own = paint(points_of(race.lanes[0].config.own), false);
  session.set_race(race);
  CHECK(session.step() == 300);
  race.lanes[0].config.own = paint({{-0.5, 0, 1}, {0.5, 0, 0}}, false);
  session.set_race(race);
  CHECK(session.step() == 0);
}

}  // namespace
}  // namespace lrlab
