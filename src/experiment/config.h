// What a run is: a plain value, with defaults, that can say what is wrong with it.
//
// Everything a person may choose has one key, the same in the URL, in JSON, on the command line and
// in messages. There are two tables: picks (a row of a family, with the row's own parameters) and
// fields (numbers that belong to no row). Controls, codecs, `describe` and the tests all loop over
// them, so a new algorithm or field appears everywhere at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/trainer.h"
#include "experiment/own_data.h"

namespace lrlab {

// Something the reader of a config had to correct or ignore, in words for the user.
struct Issue {
  std::string key;
  std::string message;  // what was wrong, what is allowed, what was done instead
};

struct Config {
  // Problem: a network on a data set, or a surface.
  Chosen<SurfaceInfo> surface;  // info null: a network
  Chosen<DatasetInfo> dataset;
  double noise = 0;
  int count = 500;
  double test_fraction = 0.3;
  std::uint64_t data_seed = 0;  // 0: the run's seed
  Own own;                      // the samples of a data set with `given`
  // Network
  std::vector<int> hidden{16, 16};
  Chosen<ActivationInfo> activation;
  Chosen<ActivationInfo> output_activation;
  Chosen<LossInfo> loss;  // info null: chosen by the data set
  Chosen<InitializerInfo> init;
  double init_scale = 1;
  // Training
  TrainSettings train;

  Config();  // every default
  bool operator==(const Config&) const = default;

  const LossInfo& loss_info() const;  // the one in use
  // What is learned from, where the data set's row leaves it to the samples.
  const OwnData* own_data() const { return dataset.info->given ? own.get() : nullptr; }
  int inputs() const { return own_data() ? own->raw.features : dataset.info->features; }
  int classes() const { return own_data() ? own->raw.classes : dataset.info->classes; }
  bool standardize() const { return own_data() ? !own->painted : dataset.info->standardize; }
  bool has_data() const { return dataset.info->given ? own.count() > 0 : !missing_file(); }
  bool missing_file() const { return dataset.info->file && dataset.info->file->size == 0; }  // not fetched yet
};

// A row of any family, as text.
struct RowText {
  const char* id = "";
  const char* label = "";
  const char* formula = "";
  const char* reference = "";
  const char* doc = "";
  const char* matches = "";
  std::span<const ParamSpec> params = {};
  bool given = false;  // a data set that is nothing without its samples
};

// A choice of one row: "optimizer=adam", followed by the row's parameters.
struct Pick {
  const char* group;  // where its control belongs, see Field
  const char* key;
  const char* label;
  const char* doc;
  const char* none;   // the id that means "no row" ("auto", "none"); null: a row is always chosen
  const char* def;    // id of the default
  std::size_t rows;
  RowText (*row)(std::size_t i);
  int (*index)(const Config&);             // -1: no row
  void (*choose)(Config&, int index);      // also sets the row's parameters to their defaults
  const std::vector<double>& (*params)(const Config&);
  std::vector<double>& (*params_of)(Config&);
  const std::vector<double>& (*list)(const Config&);
  std::vector<double>& (*list_of)(Config&);

  RowText chosen(const Config& c) const {
    return index(c) < 0 ? RowText{.id = none, .label = none} : row(static_cast<std::size_t>(index(c)));
  }
};
std::span<const Pick> picks();
const Pick& pick(std::string_view key);  // must exist

// A number that belongs to no row.
struct Field {
  const char* group;  // "data", "model", "optimizer", "schedule", "clipping", "regularisation"
  ParamSpec spec;
  double (*get)(const Config&);
  void (*set)(Config&, double);
  double (*def)(const Config&) = nullptr;  // where the default depends on another choice
};
std::span<const Field> fields();
const Field& field(std::string_view key);  // must exist
double default_of(const Field& field, const Config& config);

inline constexpr const char* kHiddenKey = "hidden";  // the one list that belongs to no row
const ParamSpec& hidden_spec();

// Make what is inconsistent consistent and say so: a loss that does not fit the data set, values out
// of range, too many layers. A validated config always trains.
std::vector<Issue> validate(Config& config);

// Bring v into its spec's range (whole where it must be) and report it; NaN becomes `fallback`.
void fit_value(const ParamSpec& spec, double& v, double fallback, std::vector<Issue>& issues);

// The problem a config describes. Equal keys mean equal problems, so lanes can share one.
std::string problem_key(const Config& config);
std::shared_ptr<const Problem> make_problem(const Config& config);
// For other splits than the config's own. Not of a surface.
int sample_count(const Config& config);  // of its data set
RawData make_raw(const Config& config);
std::shared_ptr<const Problem> make_problem(const Config& config, const RawData& raw, const Split& split);

}  // namespace lrlab
