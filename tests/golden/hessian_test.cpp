// Golden Hessians: products, the whole matrix, its spectrum and its largest eigenvalue by Lanczos.
//
// Float: a product is as exact as a gradient (mlp_test.cpp), 6e-6 of its largest entry; eigenvalues
// move by at most the norm of the error, √n of that: 1e-4. An eigenvector moves by that over the gap to the next
// eigenvalue, which the cases keep above a tenth of the largest: 1e-3.
#include <Eigen/Eigenvalues>

#include "core/curvature.h"
#include "golden/mlp_case.h"

using namespace lrlab;

namespace {

const double kExact = golden::tolerance(1e-10, 2e-5);
const double kEigen = golden::tolerance(1e-10, 1e-4);
const double kVector = golden::tolerance(1e-10, 1e-3);

Eigen::MatrixXd dense(Hessian& hessian) {
  const std::size_t n = hessian.size();
  Eigen::MatrixXd h(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
  std::vector<Real> unit(n), column(n);
  for (std::size_t j = 0; j < n; ++j) {
    unit[j] = 1;
    hessian.multiply(unit.data(), column.data());
    unit[j] = 0;
    for (std::size_t i = 0; i < n; ++i)
      h(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = static_cast<double>(column[i]);
  }
  return h;
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("golden: Hessians and their spectra match" IN_REAL) {
    golden::for_each_case("hessian", [](golden::Case& c) {
      const golden::MlpCase m = golden::read_mlp(c);
      c.check("flat_params", golden::to_double(m.theta), c.array("flat_params"), golden::tolerance(0, 6e-8));
      Trainer trainer(m.problem, golden::plain_settings(m, "sgd", 0.1));
      std::vector<Real> out(m.theta.size());
      trainer.full_gradient(m.theta.data(), out.data());
      c.check("gradient", golden::to_double(out), c.array("gradient"), golden::tolerance(1e-12, 6e-6));

      Hessian hessian(m.problem);
      hessian.set_point(m.theta.data(), m.l2);
      std::vector<Real> v;
      for (double x : c.array("vector")) v.push_back(static_cast<Real>(x));
      hessian.multiply(v.data(), out.data());
      c.check("hvp", golden::to_double(out), c.array("hvp"), kExact);

      const Eigen::MatrixXd h = dense(hessian);
      if (c.has("hessian")) {
        const std::vector<double> all(h.data(), h.data() + h.size());  // symmetric: order is the same
        c.check("hessian", all, c.array("hessian"), kExact);
      }
      c.check("trace", h.trace(), c.num("trace"), kExact);
      const Eigen::VectorXd ascending =
          Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>((h + h.transpose()) / 2).eigenvalues();
      const std::vector<double> wanted = c.array("eigenvalues_descending");
      std::vector<double> descending;
      for (std::size_t i = 0; i < wanted.size(); ++i)
        descending.push_back(ascending[ascending.size() - 1 - static_cast<Eigen::Index>(i)]);
      c.check("eigenvalues", descending, wanted, kEigen);
      c.check("smallest", ascending[0], c.num("min_eigenvalue"), std::max(kEigen, kEigen * wanted[0]));

      const Sharpness top = sharpness(
          hessian, {.max_iterations = 1000, .tolerance = golden::tolerance(1e-13, 1e-6), .seed = 1});
      c.check("sharpness", top.value, c.num("top_eigenvalue"), kEigen);
      c.check("eigenvector", golden::to_double(top.vector), c.array("top_eigenvector"), kVector);
      CHECK(top.residual <= golden::tolerance(1e-10, 1e-4) * top.value);
    });
  }
}
