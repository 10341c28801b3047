/// @file
/// How lane-wise numbers are loaded and stored, in double and in the type of the factors. Included once per instruction set.

#if defined(YUANWANG_LANE_VECTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef YUANWANG_LANE_VECTORS_INL
#undef YUANWANG_LANE_VECTORS_INL
#else
#define YUANWANG_LANE_VECTORS_INL
#endif

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <hwy/highway.h>

#include "powerflow/batch/elimination.hpp"
#include "powerflow/batch/lane_system.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::powerflow::batch::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// D: tag of the vectors of the factorisation.
template <class D>
struct LaneVectors {
    using T = hn::TFromD<D>;
    using V = hn::VFromD<D>;
    static constexpr std::size_t width = hn::MaxLanes(D{});
    static constexpr bool mixed = std::is_same_v<T, float>;
    /// Double vectors that together hold as many lanes as one vector of the factorisation.
    using Double = std::conditional_t<mixed, hn::Rebind<double, hn::Half<D>>, D>;
    using W = hn::VFromD<Double>;
    static constexpr std::size_t half = hn::MaxLanes(Double{});
    static constexpr std::size_t parts = width / half;
    using System = LaneSystem<T>;

    /// System and plan as pointers of this function alone: behind every vector store the compiler would otherwise read
    /// them again.
    struct Local : System {
        explicit Local(const System& system)
            : System{system}, n_row{system.plan->n_row}, n_unknown{system.plan->n_unknown.data()},
              rows{system.plan->rows.data()}, y_start{system.plan->y_start.data()},
              y_column{system.plan->y_column.data()},
              block_start{system.plan->block_start.data()}, diagonal{system.plan->diagonal.data()},
              wide{system.plan->wide.data()}, column{system.plan->column.data()},
              y_place{system.plan->y_place.data()}, place{system.plan->place.data()},
              product_start{system.plan->product_start.data()}, product{
                                                                    system.plan->product.data()} {}
        std::size_t n_row;
        const std::uint8_t* n_unknown;
        const Rows* rows;
        const std::int32_t* y_start;
        const std::int32_t* y_column;
        const std::int32_t* block_start;
        const std::int32_t* diagonal;
        const std::int32_t* wide;
        const std::int32_t* column;
        const std::int32_t* y_place;
        const std::int32_t* place;
        const std::int32_t* product_start;
        const Product* product;
    };

    /// R×C numbers per lane.
    template <std::size_t R, std::size_t C>
    struct Block {
        V v[R][C];
    };

    static HWY_INLINE V load(const T* from, std::size_t i) {
        return hn::Load(D{}, from + i * width);
    }
    static HWY_INLINE void store(V value, T* to, std::size_t i) {
        hn::Store(value, D{}, to + i * width);
    }
    static HWY_INLINE W load(const double* from, std::size_t i, std::size_t part) requires mixed {
        return hn::Load(Double{}, from + i * width + part * half);
    }
    static HWY_INLINE W load(const double* from, std::size_t i, std::size_t) requires(!mixed) {
        return hn::Load(Double{}, from + i * width);
    }
    static HWY_INLINE void store(W value, double* to, std::size_t i, std::size_t part) {
        hn::Store(value, Double{}, to + i * width + part * half);
    }
    /// A part of a vector of T as doubles, and back.
    static HWY_INLINE W promote(const T* from, std::size_t i, std::size_t part) {
        if constexpr (mixed) {
            const hn::Half<D> d;
            return hn::PromoteTo(Double{}, hn::Load(d, from + i * width + part * half));
        } else {
            return hn::Load(Double{}, from + i * width);
        }
    }
    static HWY_INLINE void demote(W value, T* to, std::size_t i, std::size_t part) {
        if constexpr (mixed) {
            const hn::Half<D> d;
            hn::Store(hn::DemoteTo(d, value), d, to + i * width + part * half);
        } else {
            hn::Store(value, Double{}, to + i * width);
        }
    }

    /// set − value of row i, rounded once.
    static HWY_INLINE V lack(const double* set, const double* value, std::size_t i) {
        if constexpr (mixed) {
            const hn::Half<D> d;
            const auto low = hn::DemoteTo(d, hn::Sub(load(set, i, 0), load(value, i, 0)));
#if HWY_TARGET == HWY_SCALAR // one lane, no halves
            return low;
#else
            const auto high = hn::DemoteTo(d, hn::Sub(load(set, i, 1), load(value, i, 1)));
            return hn::Combine(D{}, high, low);
#endif
        } else {
            return hn::Sub(load(set, i, 0), load(value, i, 0));
        }
    }

    static HWY_INLINE std::size_t at(std::int32_t i) {
        return static_cast<std::size_t>(i);
    }
};

} // namespace yuanwang::powerflow::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
