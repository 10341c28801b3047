/// @file
/// Every instruction set of the machine in turn, for tests of vector kernels; the best again afterwards.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "powerflow/batch/instruction_set.hpp"

namespace yuanwang::test {

class OnEverySet : public ::testing::Test {
  protected:
    template <class Check>
    void for_each_set(const Check& check) {
        for (const std::string& name : powerflow::batch::list_instruction_sets()) {
            ASSERT_TRUE(powerflow::batch::pin_instruction_set(name));
            SCOPED_TRACE(name);
            check();
        }
    }
    void TearDown() override { powerflow::batch::pin_instruction_set(""); }
};

} // namespace yuanwang::test
