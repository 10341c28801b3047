#include "powerflow/sparse_lu.hpp"

#include <cassert>
#include <utility>

#include <klu.h>

namespace yuanwang::powerflow {

class SparseLu::Impl {
  public:
    Impl(std::vector<int> column_start, std::vector<int> row)
        : column_start_{std::move(column_start)}, row_{std::move(row)}, values_(row_.size(), 0.0) {
        klu_defaults(&common_);
        common_.btf = 0;
        common_.ordering = 0; // AMD
        common_.scale = -1;   // none, and the pattern is trusted
        if (order() > 0) {
            symbolic_ =
                klu_analyze(static_cast<int>(order()), column_start_.data(), row_.data(), &common_);
            assert(symbolic_ != nullptr);
        }
    }
    ~Impl() {
        klu_free_numeric(&kept_, &common_);
        klu_free_numeric(&own_, &common_);
        klu_free_symbolic(&symbolic_, &common_);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] std::size_t order() const { return column_start_.size() - 1; }
    [[nodiscard]] std::size_t fill() const {
        return kept_ == nullptr ? 0 : static_cast<std::size_t>(kept_->lnz + kept_->unz);
    }
    std::vector<double>& values() { return values_; }

    bool choose_pivots() { return factorise(kept_) && use(kept_); }
    bool factorise_with_pivoting() { return factorise(own_) && use(own_); }
    bool refactorise() {
        if (order() == 0) {
            return true;
        }
        return kept_ != nullptr &&
               klu_refactor(column_start_.data(), row_.data(), values_.data(), symbolic_, kept_,
                            &common_) != 0 &&
               common_.status == KLU_OK && use(kept_);
    }
    void solve(std::span<double> b) {
        assert(b.size() == order());
        if (order() > 0) {
            assert(latest_ != nullptr);
            klu_solve(symbolic_, latest_, static_cast<int>(order()), 1, b.data(), &common_);
        }
    }
    void solve_transposed(std::span<double> b) {
        assert(b.size() == order());
        if (order() > 0) {
            assert(latest_ != nullptr);
            klu_tsolve(symbolic_, latest_, static_cast<int>(order()), 1, b.data(), &common_);
        }
    }

  private:
    bool factorise(klu_numeric*& numeric) {
        if (order() == 0) {
            return true;
        }
        klu_free_numeric(&numeric, &common_);
        numeric =
            klu_factor(column_start_.data(), row_.data(), values_.data(), symbolic_, &common_);
        return numeric != nullptr && common_.status == KLU_OK;
    }
    bool use(klu_numeric* numeric) {
        latest_ = numeric;
        return true;
    }

    std::vector<int> column_start_;
    std::vector<int> row_;
    std::vector<double> values_;
    klu_common common_{};
    klu_symbolic* symbolic_ = nullptr;
    klu_numeric* kept_ = nullptr;
    klu_numeric* own_ = nullptr;
    klu_numeric* latest_ = nullptr; // one of the two
};

SparseLu::SparseLu(std::vector<int> column_start, std::vector<int> row)
    : impl_{std::make_unique<Impl>(std::move(column_start), std::move(row))} {}
SparseLu::~SparseLu() = default;
SparseLu::SparseLu(SparseLu&&) noexcept = default;
SparseLu& SparseLu::operator=(SparseLu&&) noexcept = default;

std::span<double> SparseLu::values() {
    return impl_->values();
}
bool SparseLu::choose_pivots() {
    return impl_->choose_pivots();
}
bool SparseLu::refactorise() {
    return impl_->refactorise();
}
bool SparseLu::factorise_with_pivoting() {
    return impl_->factorise_with_pivoting();
}
void SparseLu::solve(std::span<double> b) {
    impl_->solve(b);
}
void SparseLu::solve_transposed(std::span<double> b) {
    impl_->solve_transposed(b);
}
std::size_t SparseLu::order() const {
    return impl_->order();
}
std::size_t SparseLu::fill() const {
    return impl_->fill();
}

} // namespace yuanwang::powerflow
