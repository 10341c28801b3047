/// @file
/// Vectors whose first element begins a line of the cache, so that no vector register straddles two.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace yuanwang {

constexpr std::size_t cache_line_bytes = 64;

template <class T>
struct CacheLineAllocator {
    using value_type = T;

    CacheLineAllocator() = default;
    template <class U>
    CacheLineAllocator(const CacheLineAllocator<U>&) {}

    [[nodiscard]] T* allocate(std::size_t n) {
        return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{cache_line_bytes}));
    }
    void deallocate(T* p, std::size_t) {
        ::operator delete (p, std::align_val_t{cache_line_bytes});
    }
    friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
};

template <class T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

} // namespace yuanwang
