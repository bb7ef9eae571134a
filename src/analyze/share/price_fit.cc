// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/share/price_fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analyze/statistics/parts.h"
#include "base/distributions.h"

namespace pw {
namespace {

constexpr std::size_t kLeastBins = 8;
constexpr double kLeastChange = 0.02;  // units, standard deviation: of less nothing can be learned
constexpr double kMostCorrelation = 0.97;
constexpr int kRounds = 3;
constexpr double kDependent = 1e-9;  // of a column's square that is left beside the others

enum Column : std::size_t { kIdle, kOurs, kNeighbours, kColumns };
using Row = std::array<double, kColumns>;

Row row_of(const UseOfServer& bin) { return {1, bin.ours, bin.neighbours}; }

double deviation_of(std::span<const UseOfServer> bins, Column column) {
  double sum = 0, squares = 0;
  for (const UseOfServer& bin : bins) sum += row_of(bin)[column];
  const double mean = sum / static_cast<double>(bins.size());
  for (const UseOfServer& bin : bins) squares += square(row_of(bin)[column] - mean);
  return std::sqrt(squares / static_cast<double>(bins.size()));
}

struct Normal {
  std::array<Row, kColumns> matrix{};
  Row right{};
};

// Gauss-Jordan on the columns that are used: the inverse replaces the matrix. False: they depend.
bool invert(std::array<Row, kColumns>& a, const std::vector<std::size_t>& used) {
  std::array<double, kColumns> scale{};
  for (const std::size_t i : used) scale[i] = a[i][i];
  for (const std::size_t pivot : used) {
    const double value = a[pivot][pivot];
    if (!(std::abs(value) > kDependent * scale[pivot])) return false;
    a[pivot][pivot] = 1;
    for (const std::size_t j : used) a[pivot][j] /= value;
    for (const std::size_t i : used) {
      if (i == pivot) continue;
      const double factor = a[i][pivot];
      a[i][pivot] = 0;
      for (const std::size_t j : used) a[i][j] -= factor * a[pivot][j];
    }
  }
  return true;
}

struct Fit {
  Row value{};
  double ours_variance = 0;  // for errors of variance 1
  double squares = 0;        // of the whitened residuals
};

// With each row that follows another less `correlation` times that.
std::optional<Fit> fit(std::span<const UseOfServer> bins, const std::vector<std::size_t>& used,
                       double correlation) {
  Normal normal;
  std::vector<std::pair<Row, double>> rows;
  const double first = std::sqrt(1 - square(correlation));
  for (std::size_t k = 0; k < bins.size(); ++k) {
    Row row = row_of(bins[k]);
    double watts = bins[k].watts;
    const bool follows = k > 0 && bins[k].follows;
    const Row before = follows ? row_of(bins[k - 1]) : Row{};
    for (const std::size_t i : used) row[i] = follows ? row[i] - correlation * before[i] : row[i] * first;
    watts = follows ? watts - correlation * bins[k - 1].watts : watts * first;
    for (const std::size_t i : used) {
      for (const std::size_t j : used) normal.matrix[i][j] += row[i] * row[j];
      normal.right[i] += row[i] * watts;
    }
    rows.emplace_back(row, watts);
  }
  if (!invert(normal.matrix, used)) return std::nullopt;
  Fit found;
  for (const std::size_t i : used)
    for (const std::size_t j : used) found.value[i] += normal.matrix[i][j] * normal.right[j];
  found.ours_variance = normal.matrix[kOurs][kOurs];
  for (const auto& [row, watts] : rows) {
    double rest = watts;
    for (const std::size_t i : used) rest -= row[i] * found.value[i];
    found.squares += square(rest);
  }
  return found;
}

// Of the residuals: how much of one is left in the next.
double correlation_of(std::span<const UseOfServer> bins, const Fit& fit, std::size_t columns) {
  double products = 0, squares = 0, before = 0;
  int pairs = 0;
  for (const UseOfServer& bin : bins) {
    const Row row = row_of(bin);
    double rest = bin.watts;
    for (std::size_t i = 0; i < kColumns; ++i) rest -= row[i] * fit.value[i];
    if (bin.follows) {
      products += rest * before;
      squares += square(before);
      ++pairs;
    }
    before = rest;
  }
  if (pairs < 3 || squares <= 0) return 0;
  const double seen = products / squares;
  const double bias = (static_cast<double>(columns) + (2 + static_cast<double>(columns)) * seen) / pairs;
  return std::clamp(seen + std::max(0.0, bias), 0.0, kMostCorrelation);
}

}  // namespace

double Price::half_width() const { return student_t_975(freedom) * ours_error; }

std::optional<Price> fit_price(std::span<const UseOfServer> bins) {
  if (bins.size() < kLeastBins || deviation_of(bins, kOurs) < kLeastChange) return std::nullopt;
  std::vector<std::size_t> used = {kIdle, kOurs};
  if (deviation_of(bins, kNeighbours) >= kLeastChange) used.push_back(kNeighbours);
  if (bins.size() < kLeastBins + used.size()) return std::nullopt;
  auto found = fit(bins, used, 0);
  double correlation = 0;
  for (int round = 0; found && round < kRounds; ++round) {
    correlation = correlation_of(bins, *found, used.size());
    found = fit(bins, used, correlation);
  }
  if (!found) return std::nullopt;
  Price price;
  price.idle = {found->value[kIdle]};
  price.ours = found->value[kOurs];
  price.neighbours = found->value[kNeighbours];
  price.freedom = static_cast<int>(bins.size() - used.size());
  const double variance = found->squares / price.freedom;
  price.ours_error = std::sqrt(variance * found->ours_variance);
  price.correlation = correlation;
  price.deviation = std::sqrt(variance / (1 - square(correlation)));
  return price;
}

}  // namespace pw
