// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/attribution/least_squares.h"

#define EIGEN_MPL2_ONLY
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <random>

namespace pw {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kMostBlocks = 30, kResamples = 400;
constexpr double kSingular = 1e-9;  // of an eigenvalue, where every column has the length 1

// Sums over pieces, of which those of blocks of time can be added.
struct Sums {
  explicit Sums(int columns)
      : squares(MatrixXd::Zero(columns, columns)), products(VectorXd::Zero(columns)), times(products) {}
  Sums& operator+=(const Sums& other) {
    squares += other.squares;
    products += other.products;
    times += other.times;
    joules += other.joules;
    joules_squared += other.joules_squared;
    return *this;
  }

  MatrixXd squares;   // of the times, one by the other
  VectorXd products;  // of the times and the energy
  VectorXd times;
  double joules = 0;
  double joules_squared = 0;
};

// The piece's seconds in each column that has some.
std::vector<std::pair<int, double>> row_of(const Piece& piece, const Columns& columns) {
  std::vector<std::pair<int, double>> row;
  const auto add = [&](int column, double seconds) {
    const auto own = std::ranges::find(row, column, &std::pair<int, double>::first);
    if (own == row.end())
      row.emplace_back(column, seconds);
    else
      own->second += seconds;
  };
  for (const auto& [region, seconds] : piece.times)
    add(columns.of_region[static_cast<std::size_t>(region)], seconds);
  if (piece.rest > 0) add(columns.rest(), piece.rest);
  return row;
}

void add_piece(Sums& sums, const Piece& piece, const Columns& columns) {
  const auto row = row_of(piece, columns);
  for (const auto& [column, seconds] : row) {
    for (const auto& [other, other_seconds] : row) sums.squares(column, other) += seconds * other_seconds;
    sums.products(column) += seconds * piece.joules;
    sums.times(column) += seconds;
  }
  sums.joules += piece.joules;
  sums.joules_squared += piece.joules * piece.joules;
}

// The sums of as many blocks of pieces that follow each other.
std::vector<Sums> sums_of_blocks(const std::vector<Piece>& pieces, const Columns& columns, int blocks) {
  std::vector<Sums> sums(static_cast<std::size_t>(blocks), Sums(columns.count));
  for (std::size_t i = 0; i < pieces.size(); ++i)
    add_piece(sums[i * sums.size() / pieces.size()], pieces[i], columns);
  return sums;
}

Sums sums_of(const std::vector<Piece>& pieces, const Columns& columns) {
  return sums_of_blocks(pieces, columns, 1).front();
}

VectorXd scale_of(const Sums& sums) {
  return sums.squares.diagonal().unaryExpr([](double one) { return one > 0 ? 1 / std::sqrt(one) : 0.0; });
}

// The least squares whose sum is all of the energy. Of a column that has no time: 0.
VectorXd solve(const Sums& sums) {
  const VectorXd scale = scale_of(sums);
  MatrixXd squares = scale.asDiagonal() * sums.squares * scale.asDiagonal();
  squares.diagonal().array() += 1e-12;
  const Eigen::LDLT<MatrixXd> factors(squares);
  const auto inverse = [&](const VectorXd& right) -> VectorXd {
    return scale.asDiagonal() * factors.solve(scale.asDiagonal() * right);
  };
  const VectorXd free = inverse(sums.products), along = inverse(sums.times);
  const double length = sums.times.dot(along);
  return length > 0 ? VectorXd(free + along * ((sums.joules - sums.times.dot(free)) / length)) : free;
}

std::vector<std::vector<double>> resample(const std::vector<Sums>& blocks, int columns) {
  std::mt19937_64 random(1);
  std::vector<std::vector<double>> all;
  for (int i = 0; i < kResamples; ++i) {
    Sums drawn(columns);
    for (std::size_t n = 0; n < blocks.size(); ++n) drawn += blocks[random() % blocks.size()];
    const VectorXd watts = solve(drawn);
    all.emplace_back(watts.begin(), watts.end());
  }
  return all;
}

}  // namespace

std::vector<std::vector<int>> inseparable(const std::vector<Piece>& pieces, const Columns& columns) {
  const Sums sums = sums_of(pieces, columns);
  const VectorXd scale = scale_of(sums);
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solved(scale.asDiagonal() * sums.squares *
                                                       scale.asDiagonal());
  std::vector<int> group(static_cast<std::size_t>(columns.count));
  for (int i = 0; i < columns.count; ++i) group[static_cast<std::size_t>(i)] = i;
  for (int v = 0; v < columns.count; ++v) {
    if (solved.eigenvalues()(v) > kSingular) break;  // they rise
    int first = -1;
    for (int i = 0; i < columns.count; ++i) {
      if (scale(i) == 0 || std::abs(solved.eigenvectors()(i, v)) < 1e-3) continue;
      if (first < 0) first = group[static_cast<std::size_t>(i)];
      std::ranges::replace(group, group[static_cast<std::size_t>(i)], first);
    }
  }
  std::vector<std::vector<int>> groups;
  for (int of = 0; of < columns.count; ++of) {
    std::vector<int> members;
    for (int i = 0; i < columns.count; ++i)
      if (group[static_cast<std::size_t>(i)] == of) members.push_back(i);
    if (members.size() > 1) groups.push_back(std::move(members));
  }
  return groups;
}

Powers fit_powers(const std::vector<Piece>& pieces, const Columns& columns) {
  const int blocks = static_cast<int>(std::min<std::size_t>(kMostBlocks, pieces.size()));
  const std::vector<Sums> parts = sums_of_blocks(pieces, columns, blocks);
  Sums all(columns.count);
  for (const Sums& part : parts) all += part;
  const VectorXd watts = solve(all);
  Powers powers{{watts.begin(), watts.end()}, {}, blocks};
  if (blocks == kMostBlocks) powers.resampled = resample(parts, columns.count);
  return powers;
}

double residual_of(const std::vector<Piece>& pieces, const Columns& columns) {
  const Sums sums = sums_of(pieces, columns);
  const VectorXd watts = solve(sums);
  return sums.joules_squared - 2 * watts.dot(sums.products) + watts.dot(sums.squares * watts);
}

}  // namespace pw
