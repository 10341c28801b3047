/// @file
/// Which of several processes this one is, as the launcher says.
///
/// Read from the environment, no MPI library: ranks have nothing to say to each other, the folder is their state. So any
/// number of ranks may start, fewer may end, and none that dies takes the others' work with it.
#pragma once

#include <cstddef>
#include <optional>

namespace yuanwang::sweep {

struct Rank {
    std::size_t i = 0;
    std::size_t n = 1;
};

/// Open MPI, then MPICH and its kin (PMI), then `srun` of more than one task; nothing where no launcher speaks.
[[nodiscard]] std::optional<Rank> find_rank();

} // namespace yuanwang::sweep
