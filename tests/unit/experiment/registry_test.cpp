// Laws that every row of every family keeps. A new algorithm is tested here without a new line.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "draw.h"

namespace lrlab {
namespace {

bool good_id(std::string_view id) {
  return !id.empty() && id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// A sentence: capital or symbol at the beginning, full stop at the end.
bool sentence(std::string_view doc) { return doc.size() > 10 && doc.back() == '.'; }

void check_spec(const ParamSpec& spec) {
  CAPTURE(spec.key);
  CHECK(good_id(spec.key));
  CHECK(*spec.label);
  CHECK(sentence(spec.doc));
  CHECK(std::isfinite(spec.def));
  CHECK(std::isfinite(spec.min));
  CHECK(std::isfinite(spec.max));
  switch (spec.kind) {
    case ParamKind::kBool:
      CHECK((spec.def == 0 || spec.def == 1));
      break;
    case ParamKind::kChoice: {
      CHECK(choice_count(spec) >= 2);
      CHECK(spec.def == std::floor(spec.def));
      CHECK(spec.def >= 0);
      CHECK(spec.def < choice_count(spec));
      CHECK(spec.min == 0);
      CHECK(spec.max == choice_count(spec) - 1);
      std::set<std::string> names;
      for (int i = 0; i < choice_count(spec); ++i) {
        const std::string name(choice_name(spec, i));
        CAPTURE(name);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos);
        CHECK_FALSE(name.empty());
        CHECK(names.insert(name).second);
        CHECK(choice_index(spec, name) == i);
      }
      break;
    }
    case ParamKind::kInteger:
      CHECK(spec.def == std::floor(spec.def));
      CHECK(spec.min == std::floor(spec.min));
      CHECK(spec.max == std::floor(spec.max));
      [[fallthrough]];
    case ParamKind::kNumber:
      CHECK(spec.min < spec.max);
      CHECK(spec.def >= spec.min);
      CHECK(spec.def <= spec.max);
      if (spec.scale == Scale::kLog) CHECK(spec.min >= 0);
      break;
    case ParamKind::kList: {
      bool ok = false;
      const std::vector<double> list = parse_list(spec.def_list, &ok);
      CHECK(ok);
      CHECK_FALSE(list.empty());
      for (double v : list) {
        CHECK(v >= spec.min);
        CHECK(v <= spec.max);
      }
      break;
    }
  }
}

TEST_CASE("registry: every algorithm says what it is in PyTorch") {
  for (const OptimizerInfo* info : optimizers()) {
    CAPTURE(info->id);
    CHECK(*torch_text(*info).text);
    bool found = !*torch_text(*info).option;
    for (const ParamSpec& p : info->params) found = found || (p.kind == ParamKind::kBool && std::string_view(p.key) == torch_text(*info).option);
    CHECK(found);
    CHECK((*torch_text(*info).option != 0) == (*torch_text(*info).with != 0));
  }
  for (const ScheduleInfo* info : schedules()) {
    CAPTURE(info->id);
    CHECK(*torch_text(*info).text);
    CHECK((info->observe != nullptr) == (*torch_text(*info).observe != 0));
  }
  for (const ClipperInfo* info : clippers()) {
    CAPTURE(info->id);
    CHECK((*torch_text(*info).text != 0) == (std::string_view(info->id) != "none"));
  }
  for (const SurfaceInfo* info : surfaces()) {
    CAPTURE(info->id);
    CHECK(std::string_view(torch_text(*info).text).find("return ") != std::string_view::npos);
  }
}

TEST_CASE("registry: every row has an id, a label, a doc, and says where it comes from") {
  for (const Pick& p : picks()) {
    CAPTURE(p.key);
    CHECK(good_id(p.key));
    CHECK(*p.label);
    CHECK(sentence(p.doc));
    CHECK(p.rows >= 1);
    std::set<std::string> ids;
    for (std::size_t i = 0; i < p.rows; ++i) {
      const RowText row = p.row(i);
      CAPTURE(row.id);
      CHECK(good_id(row.id));
      CHECK(ids.insert(row.id).second);
      if (p.none) CHECK(std::string_view(row.id) != p.none);
      CHECK(*row.label);
      CHECK(sentence(row.doc));
      // Formula or, for data, a picture says what it is; a paper, a class or a source whose it is.
      if (std::string_view(p.key) != "dataset") {
        CHECK(*row.formula);
        CHECK((*row.reference || *row.matches));
      }
    }
  }
}

TEST_CASE("registry: the default of every family is one of its rows") {
  const Config c;
  for (const Pick& p : picks()) {
    CAPTURE(p.key);
    CHECK(std::string_view(p.chosen(c).id) == p.def);
    CHECK(&pick(p.key) == &p);
  }
}

TEST_CASE("registry: every parameter and field is described, with its default inside its range") {
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i) {
      CAPTURE(p.key);
      CAPTURE(p.row(i).id);
      int lists = 0;
      for (const ParamSpec& spec : p.row(i).params) {
        check_spec(spec);
        lists += spec.kind == ParamKind::kList;
      }
      CHECK(lists <= 1);
    }
  for (const Field& f : fields()) {
    check_spec(f.spec);
    CHECK(f.spec.kind != ParamKind::kList);
    CHECK(&field(f.spec.key) == &f);
  }
  check_spec(hidden_spec());
  const Config c;
  CHECK(parse_list(hidden_spec().def_list) == std::vector<double>(c.hidden.begin(), c.hidden.end()));
}

TEST_CASE("registry: a key means one thing in everything a run can contain") {
  std::map<std::string, std::string> owner;
  const auto claim = [&](const std::string& key, const std::string& by) {
    const auto [place, is_new] = owner.emplace(key, by);
    CHECK_MESSAGE((is_new || place->second == by), key << " belongs to " << place->second << " and to " << by);
  };
  for (const char* reserved : {"v", "lane", "name", "steps"}) claim(reserved, "the link itself");
  claim(kHiddenKey, "hidden");
  for (const Pick& p : picks()) claim(p.key, std::string("the family ") + p.key);
  for (const Field& f : fields()) claim(f.spec.key, std::string("the field ") + f.spec.key);
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i) {
      std::set<std::string> here;
      for (const ParamSpec& spec : p.row(i).params) {
        CHECK_MESSAGE(here.insert(spec.key).second, p.row(i).id << " has '" << spec.key << "' twice");
        claim(spec.key, std::string("rows of ") + p.key);  // rows of one family may share a key
      }
    }
}

TEST_CASE("registry: choosing a row sets its parameters to their defaults") {
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i) {
      CAPTURE(p.key);
      CAPTURE(p.row(i).id);
      Config c;
      p.choose(c, static_cast<int>(i));
      CHECK(p.index(c) == static_cast<int>(i));
      const RowText row = p.chosen(c);
      REQUIRE(p.params(c).size() == row.params.size());
      for (std::size_t k = 0; k < row.params.size(); ++k) {
        if (row.params[k].kind == ParamKind::kList)
          CHECK(p.list(c) == parse_list(row.params[k].def_list));
        else
          CHECK(p.params(c)[k] == row.params[k].def);
      }
    }
}

TEST_CASE("registry: what is set of a field is what is read") {
  for (const Field& f : fields()) {
    CAPTURE(f.spec.key);
    for (double v : {f.spec.min, f.spec.def, f.spec.max}) {
      Config c;
      f.set(c, v);
      CHECK(f.get(c) == v);
    }
  }
}

}  // namespace
}  // namespace lrlab
