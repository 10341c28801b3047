#include "powerflow/complex_factor.hpp"

#include <cassert>
#include <utility>

#include <klu.h>

namespace yuanwang::powerflow {

class ComplexFactor::Impl {
  public:
    Impl(std::vector<int> column_start, std::vector<int> row)
        : column_start_{std::move(column_start)}, row_{std::move(row)}, values_(row_.size()) {
        klu_defaults(&common_);
        common_.btf = 0;
        common_.ordering = 0; // AMD
        if (order() > 0) {
            symbolic_ =
                klu_analyze(static_cast<int>(order()), column_start_.data(), row_.data(), &common_);
            assert(symbolic_ != nullptr);
        }
    }
    ~Impl() {
        klu_z_free_numeric(&numeric_, &common_);
        klu_free_symbolic(&symbolic_, &common_);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] std::size_t order() const { return column_start_.size() - 1; }
    std::vector<std::complex<double>>& values() { return values_; }

    bool factorise() {
        if (order() == 0) {
            return true;
        }
        klu_z_free_numeric(&numeric_, &common_);
        numeric_ = klu_z_factor(column_start_.data(), row_.data(), as_doubles(values_.data()),
                                symbolic_, &common_);
        return numeric_ != nullptr && common_.status == KLU_OK;
    }

    void solve(std::span<std::complex<double>> b, std::size_t n_column) {
        assert(b.size() == order() * n_column);
        if (order() > 0 && n_column > 0) {
            assert(numeric_ != nullptr);
            const auto n = static_cast<int>(order());
            klu_z_solve(symbolic_, numeric_, n, static_cast<int>(n_column), as_doubles(b.data()),
                        &common_);
        }
    }

  private:
    /// std::complex is laid out as KLU wants it: real part, imaginary part.
    static double* as_doubles(std::complex<double>* z) { return reinterpret_cast<double*>(z); }

    std::vector<int> column_start_;
    std::vector<int> row_;
    std::vector<std::complex<double>> values_;
    klu_common common_{};
    klu_symbolic* symbolic_ = nullptr;
    klu_numeric* numeric_ = nullptr;
};

ComplexFactor::ComplexFactor(std::vector<int> column_start, std::vector<int> row)
    : impl_{std::make_unique<Impl>(std::move(column_start), std::move(row))} {}
ComplexFactor::~ComplexFactor() = default;
ComplexFactor::ComplexFactor(ComplexFactor&&) noexcept = default;
ComplexFactor& ComplexFactor::operator=(ComplexFactor&&) noexcept = default;

std::span<std::complex<double>> ComplexFactor::values() {
    return impl_->values();
}
bool ComplexFactor::factorise() {
    return impl_->factorise();
}
void ComplexFactor::solve(std::span<std::complex<double>> b, std::size_t n_column) const {
    impl_->solve(b, n_column);
}
std::size_t ComplexFactor::order() const {
    return impl_->order();
}

} // namespace yuanwang::powerflow
