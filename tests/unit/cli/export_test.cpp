// lrlab export. That the script does the same run is shown by tests/pytorch.py, which runs it.
#include "cli_run.h"

namespace lrlab::cli {
namespace {

TEST_CASE("export: the script says where it comes from, and torch's own names are used where torch has the method") {
  const Ran r = lrlab({"export", "--pytorch", "--query", "optimizer=adamw&schedule=cosine&clip=norm", "--steps", "12"});
  CHECK(r.code == kDone);
  CHECK(has(r.out, "lrlab run --query 'v=1&optimizer=adamw&schedule=cosine&clip=norm' --steps 12\n"));
  CHECK(has(r.out, "\nsteps = 12\n"));
  CHECK(has(r.out, "\nbeta1 = 0.9\n"));
  CHECK(has(r.out, "optimizer = torch.optim.AdamW(parameters, lr=lr, betas=(beta1, beta2)"));
  CHECK(has(r.out, "torch.nn.utils.clip_grad_norm_(parameters, max_norm"));
  CHECK(has(r.out, "torch.optim.lr_scheduler.LambdaLR(optimizer, rate_factor)"));
  CHECK(has(r.out, "torch.nn.Linear(2, 16), torch.nn.Tanh(),"));
}

TEST_CASE("export: what the script leaves out is said in it") {
  const Ran r = lrlab({"export", "--pytorch", "--query", "averaging=ema&early_stop=5&optimizer=schedule_free_sgd"});
  CHECK(has(r.out, "# The lab also keeps an average of the weights"));
  CHECK(has(r.out, "# The lab would stop after 5 epochs without a better test loss"));
  CHECK(has(r.out, "# The lab judges this optimizer's run at an averaged point"));
  CHECK(has(lrlab({"export", "--pytorch"}).out, "# The lab") == false);
}

TEST_CASE("export: it asks for the kind, and writes a file or says why it cannot") {
  CHECK(lrlab({"export"}).err == "lrlab export: as what? Say one of --pytorch, --csv, --svg FIGURE, --report, --receipt.\n");
  const Folder folder("export");
  CHECK(lrlab({"export", "--pytorch", "--out", folder.file("run.py")}).code == kDone);
  CHECK(slurp(folder.file("run.py")).starts_with("#!/usr/bin/env python3\n"));
  CHECK(has(lrlab({"export", "--pytorch", "--out", folder.file("no/such/run.py")}).err, "cannot be written"));
}

}  // namespace
}  // namespace lrlab::cli
