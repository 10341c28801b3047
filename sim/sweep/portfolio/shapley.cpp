#include "sweep/portfolio/shapley.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <utility>

namespace yuanwang::sweep {

namespace {

Coalition only(std::size_t player) {
    return Coalition{1} << player;
}

class Analysis {
  public:
    Analysis(std::size_t n_player, const Game& game) : n_{n_player}, game_{game} {
        out_.n_player = n_;
        out_.none = value(0);
        out_.all = value(everyone());
        out_.n_value = out_.none.size();
        for (std::vector<double>* column : {&out_.leave_one_out, &out_.add_one_in, &out_.shapley,
                                            &out_.shapley_error, &out_.in_order}) {
            column->assign(n_ * out_.n_value, 0.0);
        }
    }

    Contributions run(std::span<const std::size_t> order, const SamplingOptions& options) {
        find_single();
        add_marginals(order, 1, out_.in_order);
        if (n_ <= max_exact && !options.always) {
            find_exact();
        } else {
            sample(options);
        }
        out_.n_coalition = known_.size();
        return std::move(out_);
    }

  private:
    [[nodiscard]] Coalition everyone() const { return n_ == 0 ? 0 : (~Coalition{0} >> (64 - n_)); }

    const std::vector<double>& value(Coalition coalition) {
        const auto at = known_.find(coalition);
        return at != known_.end() ? at->second
                                  : known_.emplace(coalition, game_(coalition)).first->second;
    }

    void find_single() {
        for (std::size_t i = 0; i < n_; ++i) {
            const std::vector<double>& without = value(everyone() & ~only(i));
            const std::vector<double>& alone = value(only(i));
            for (std::size_t v = 0; v < out_.n_value; ++v) {
                out_.leave_one_out[out_.at(i, v)] = out_.all[v] - without[v];
                out_.add_one_in[out_.at(i, v)] = alone[v] - out_.none[v];
            }
        }
    }

    /// Adds `weight` times the marginal contribution of each player in an order.
    void add_marginals(std::span<const std::size_t> order, double weight,
                       std::vector<double>& into) {
        Coalition before = 0;
        for (const std::size_t i : order) {
            const std::vector<double>& with = value(before | only(i));
            const std::vector<double>& without = value(before);
            for (std::size_t v = 0; v < out_.n_value; ++v) {
                into[out_.at(i, v)] += weight * (with[v] - without[v]);
            }
            before |= only(i);
        }
    }

    void find_exact() {
        for (Coalition s = 0; n_ > 0 && s <= everyone(); ++s) {
            const auto size = static_cast<std::size_t>(std::popcount(s));
            for (std::size_t i = 0; i < n_; ++i) {
                if ((s & only(i)) != 0) {
                    continue;
                }
                const double weight = share_of(size);
                const std::vector<double>& with = value(s | only(i));
                const std::vector<double>& without = value(s);
                for (std::size_t v = 0; v < out_.n_value; ++v) {
                    out_.shapley[out_.at(i, v)] += weight * (with[v] - without[v]);
                }
            }
        }
    }

    /// size! (n − size − 1)! / n!
    [[nodiscard]] double share_of(std::size_t size) const {
        double weight = 1.0 / static_cast<double>(n_);
        for (std::size_t k = 1; k <= size; ++k) { // 1 / (n · C(n − 1, size))
            weight *= static_cast<double>(k) / static_cast<double>(n_ - k);
        }
        return weight;
    }

    void sample(const SamplingOptions& options) {
        std::mt19937_64 random{options.seed};
        std::vector<std::size_t> order(n_);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<double> sum_of_squares(out_.shapley.size(), 0.0);
        const std::size_t n_pair = std::max<std::size_t>(options.n_pair, 2);
        for (std::size_t pair = 0; pair < n_pair; ++pair) {
            for (std::size_t k = n_; k > 1; --k) { // Fisher-Yates; std::shuffle differs by library
                std::swap(order[k - 1], order[random() % k]);
            }
            std::vector<double> found(out_.shapley.size(), 0.0);
            add_marginals(order, 0.5, found);
            std::vector<std::size_t> backwards{order.rbegin(), order.rend()};
            add_marginals(backwards, 0.5, found);
            for (std::size_t k = 0; k < found.size(); ++k) {
                out_.shapley[k] += found[k];
                sum_of_squares[k] += found[k] * found[k];
            }
        }
        const auto m = static_cast<double>(n_pair);
        for (std::size_t k = 0; k < out_.shapley.size(); ++k) {
            out_.shapley[k] /= m;
            const double variance =
                std::max(sum_of_squares[k] / m - out_.shapley[k] * out_.shapley[k], 0.0) * m /
                (m - 1);
            out_.shapley_error[k] = student_95(n_pair - 1) * std::sqrt(variance / m);
        }
        out_.n_order = 2 * n_pair;
    }

    std::size_t n_;
    const Game& game_;
    std::map<Coalition, std::vector<double>> known_;
    Contributions out_;
};

} // namespace

double student_95(std::size_t freedom) {
    constexpr std::array<double, 10> few = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706,
                                            2.4469,  2.3646, 2.3060, 2.2622, 2.2281};
    assert(freedom > 0);
    if (freedom <= few.size()) {
        return few[freedom - 1];
    }
    constexpr double z = 1.959964;
    constexpr double z3 = z * z * z;
    constexpr double z5 = z3 * z * z;
    const auto v = static_cast<double>(freedom);
    return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v) +
           (3 * z5 * z * z + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v);
}

Contributions find_contributions(std::size_t n_player, const Game& game,
                                 std::span<const std::size_t> order,
                                 const SamplingOptions& options) {
    assert(n_player < 64 && order.size() == n_player);
    return Analysis{n_player, game}.run(order, options);
}

} // namespace yuanwang::sweep
