#include "security/outage_screen.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace yuanwang::security {

namespace {

constexpr std::size_t W = OutageScreen::step_lanes;

} // namespace

OutageScreen::OutageScreen(OutageFactors& factors, std::span<const double> rate_mw) {
    const std::size_t n_branch = factors.n_branch();
    const std::size_t n_outage = factors.outages().size();
    assert(rate_mw.size() == n_branch);
    for (const BranchIdx k : factors.outages()) {
        outages_.push_back(k.row());
    }
    std::ranges::sort(outages_);
    own_.assign(n_branch, n_outage);
    for (std::size_t k = 0; k < n_outage; ++k) {
        own_[outages_[k]] = k;
        number_.push_back(static_cast<double>(outages_[k]));
    }
    factors_.resize(n_branch * n_outage);
    AlignedVector<double> block(n_branch * OutageFactors::lanes);
    for (std::size_t b = 0; b < factors.n_block(); ++b) {
        factors.compute_block(b, block);
        const std::size_t first = b * OutageFactors::lanes;
        const std::size_t count = std::min(OutageFactors::lanes, n_outage - first);
        for (std::size_t w = 0; w < count; ++w) {
            const std::size_t k = own_[factors.outages()[first + w].row()];
            for (std::size_t l = 0; l < n_branch; ++l) {
                factors_[l * n_outage + k] = block[l * OutageFactors::lanes + w];
            }
        }
    }
    for (const double rate : rate_mw) {
        inverse_rate_percent_.push_back(rate > 0 ? 100.0 / rate : 0.0);
    }
    flow_.assign(n_branch * W, 0.0);
    lost_.assign(n_outage * W, 0.0);
    worst_.assign(n_branch * W, 0.0);
    worst_outage_.assign(n_branch * W, -1.0);
}

void OutageScreen::load_steps(const Series& p_mw, std::size_t first) {
    const std::size_t count = std::min(W, p_mw.n_step() - first);
    for (std::size_t w = 0; w < W; ++w) {
        const std::span<const double> step = p_mw.step(first + std::min(w, count - 1));
        for (std::size_t l = 0; l < step.size(); ++l) {
            flow_[l * W + w] = step[l];
        }
    }
    for (std::size_t k = 0; k < outages_.size(); ++k) {
        std::copy_n(flow_.begin() + static_cast<std::ptrdiff_t>(outages_[k] * W), W,
                    lost_.begin() + static_cast<std::ptrdiff_t>(k * W));
    }
}

void OutageScreen::screen(const Series& p_mw, Series& loading_percent,
                          BasicSeries<std::int32_t>& outage) {
    const std::size_t n_branch = inverse_rate_percent_.size();
    assert(p_mw.n_element() == n_branch);
    loading_percent.reshape(n_branch, p_mw.n_step());
    outage.reshape(n_branch, p_mw.n_step(), -1);
    for (std::size_t first = 0; first < p_mw.n_step(); first += W) {
        load_steps(p_mw, first);
        const ScreenTable table{outages_.size(), number_.data(), lost_.data()};
        for (std::size_t l = 0; l < n_branch; ++l) {
            kernel_.screen_branch(table, factors_.data() + l * outages_.size(), own_[l],
                                  &flow_[l * W], &worst_[l * W], &worst_outage_[l * W]);
        }
        for (std::size_t w = 0; w < W && first + w < p_mw.n_step(); ++w) {
            for (std::size_t l = 0; l < n_branch; ++l) {
                const bool rated = inverse_rate_percent_[l] > 0;
                const bool finite = std::isfinite(flow_[l * W + w]);
                loading_percent(l, first + w) =
                    finite ? std::max(0.0, worst_[l * W + w] * inverse_rate_percent_[l])
                           : std::numeric_limits<double>::quiet_NaN();
                outage(l, first + w) =
                    rated && finite ? static_cast<std::int32_t>(worst_outage_[l * W + w]) : -1;
            }
        }
    }
}

} // namespace yuanwang::security
