/// The MATLAB of case files: each statement is held against what MATLAB's manual says it makes, written out as numbers.
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "exchange/matlab/program.hpp"
#include "exchange/matpower.hpp"

namespace yuanwang::exchange {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr double inf = std::numeric_limits<double>::infinity();

/// What `x` holds after the text has run, as rows of numbers in a line: `1 2 3; 4 5 6`.
std::string run(const std::string& text) {
    try {
        const matlab::Outcome outcome = matlab::run_program(text, "text.m");
        const auto found = outcome.variables.find("x");
        if (found == outcome.variables.end()) {
            return "no x";
        }
        if (const std::string* words = found->second.as<std::string>()) {
            return "'" + *words + "'";
        }
        const matlab::Matrix* matrix = found->second.as<matlab::Matrix>();
        if (matrix == nullptr) {
            return "no matrix";
        }
        std::string written =
            matrix->empty() ? fmt::format("{} x {}", matrix->n_row, matrix->n_col) : std::string{};
        for (std::size_t row = 0; row < matrix->n_row; ++row) {
            for (std::size_t col = 0; col < matrix->n_col; ++col) {
                written += (col > 0   ? " "
                            : row > 0 ? "; "
                                      : "") +
                           fmt::format("{}", (*matrix)(row, col));
            }
        }
        return written;
    } catch (const InputError& error) {
        return error.what();
    }
}

TEST(MatlabNumbers, AreReadAsMatlabReadsThem) {
    EXPECT_EQ(run("x = [6.0d1 2D+1 1d-3 5E2 .5 3. 0x1F];"), "60 20 0.001 500 0.5 3 31");
    EXPECT_EQ(run("x = [1e-400 -1e-400 1e400 -1e400 4.9e-324];"), "0 -0 inf -inf 5e-324");
    EXPECT_EQ(run("x = [1 2]; x = 1./x;"), "1 0.5");
    EXPECT_EQ(run("x = 6.*[1 2];"), "6 12");
    EXPECT_EQ(run("x = [1...\n 2];"), "1 2");
    EXPECT_EQ(run("x = 3 + 2i;"), "text.m:1:9: not a number, got '2i'");
    EXPECT_EQ(run("\xEF\xBB\xBFx = 1;"), "1");
    EXPECT_EQ(run("x = 1;\rx = 2;\r"), "2");
}

TEST(MatlabOperators, BindAsTheManualSays) {
    EXPECT_EQ(run("x = -2^2;"), "-4");
    EXPECT_EQ(run("x = 2^-1;"), "0.5");
    EXPECT_EQ(run("x = 2^3^2;"), "64");
    EXPECT_EQ(run("x = -[1 2]';"), "-1; -2");
    EXPECT_EQ(run("x = 1:3+1;"), "1 2 3 4");
    EXPECT_EQ(run("x = 5:-2:1;"), "5 3 1");
    EXPECT_EQ(run("x = 2:1;"), "1 x 0");
    EXPECT_EQ(run("x = 1 + 1 == 2;"), "1");
    EXPECT_EQ(run("x = ~0 == 1;"), "1");
    EXPECT_EQ(run("x = 1 | 0 & 0;"), "1");
    EXPECT_EQ(run("x = 0 && unknown(3) || 1;"), "1");
    EXPECT_EQ(run("x = 8 \\ 4;"), "0.5");
    EXPECT_EQ(run("x = [1 2; 3 4] * [1; 1];"), "3; 7");
    EXPECT_EQ(run("x = [1 2] + [10; 20];"), "11 12; 21 22");
    EXPECT_EQ(run("x = [1 2; 3 4] .* [1 10];"), "1 20; 3 40");
    EXPECT_EQ(run("x = 'abc' == 'abd';"), "1 1 0");
    EXPECT_EQ(run("x = [1 2 3] ~= 2;"), "1 0 1");
    EXPECT_EQ(run("x = [1 2] + [1 2 3];"), "text.m:1:10: both sides must have the same size");
}

TEST(MatlabBrackets, PartElementsByBlanksAsMatlabDoes) {
    EXPECT_EQ(run("x = [1 -2];"), "1 -2");
    EXPECT_EQ(run("x = [1 - 2];"), "-1");
    EXPECT_EQ(run("x = [1 -2 + 3];"), "1 1");
    EXPECT_EQ(run("a = [1 2]; x = [a' a'];"), "1 1; 2 2");
    EXPECT_EQ(run("a = 5; x = [a (1)];"), "5 1");
    EXPECT_EQ(run("a = [5 6]; x = [a(1) a(end)];"), "5 6");
    EXPECT_EQ(run("x = [1, 2, ...\n 3\n 4 5 6];"), "1 2 3; 4 5 6");
    EXPECT_EQ(run("x = [1 2,\n 3 4,];"), "1 2; 3 4");
    EXPECT_EQ(run("x = [1,,2];"),
              "text.m:1:8: must be a number, a name, a text or a bracket, got ','");
    EXPECT_EQ(run("x = [[1 2; 3 4], [5; 6]];"), "1 2 5; 3 4 6");
    EXPECT_EQ(run("x = [1 2; 3 4]; x = [x; x(1, :)];"), "1 2; 3 4; 1 2");
    EXPECT_EQ(run("x = []; x = [x; 1 2]; x = [x; 3 4];"), "1 2; 3 4");
    EXPECT_EQ(run("x = ['ab', 'cd'];"), "'abcd'");
    EXPECT_EQ(run("x = [1 2\n%{\n3 4\n%}\n% 5 6\n7 8];"), "1 2; 7 8");
    EXPECT_EQ(run("x = [1 2 %{ no block\n3 4];"), "1 2; 3 4");
    EXPECT_EQ(run("x = [[1 2], [3; 4]];"),
              "text.m:1:6: tables side by side must have as many rows, 1 and not 2");
}

TEST(MatlabIndices, TakeWhatTheyName) {
    const std::string a = "a = [1 2 3; 4 5 6]; ";
    EXPECT_EQ(run(a + "x = a(2, end);"), "6");
    EXPECT_EQ(run(a + "x = a(end);"), "6");
    EXPECT_EQ(run(a + "x = a(2);"), "4") << "one index counts down the columns";
    EXPECT_EQ(run(a + "x = a(:)';"), "1 4 2 5 3 6");
    EXPECT_EQ(run(a + "x = a(end, end - 1:end);"), "5 6");
    EXPECT_EQ(run(a + "x = a(:, [true false true]);"), "1 3; 4 6");
    EXPECT_EQ(run(a + "x = a(a(:, 1) > 2, 2);"), "5");
    EXPECT_EQ(run(a + "x = a(a > 4);"), "5; 6");
    EXPECT_EQ(run(a + "x = a([2 1 1], 1);"), "4; 1; 1");
    EXPECT_EQ(run(a + "x = a(find(a(:, 2) == 5), :);"), "4 5 6");
    EXPECT_EQ(run(a + "x = a(a(:, 1) > 9, :);"), "0 x 3");
    EXPECT_EQ(run(a + "x = a([1 0], 1);"), "text.m:1:26: index must be a whole number from 1");
    EXPECT_EQ(run(a + "x = a(3, 1);"), "text.m:1:26: index must lie inside the table");
    EXPECT_EQ(run(a + "x = a([false false true], 1);"),
              "text.m:1:26: index must lie inside the table");
}

TEST(MatlabIndices, StoreGrowAndTakeOut) {
    const std::string x = "x = [1 2 3; 4 5 6]; ";
    EXPECT_EQ(run(x + "x(end, 3) = 0;"), "1 2 3; 4 5 0");
    EXPECT_EQ(run(x + "x(end + 1, :) = [7 8 9];"), "1 2 3; 4 5 6; 7 8 9");
    EXPECT_EQ(run(x + "x(:, 5) = 7;"), "1 2 3 0 7; 4 5 6 0 7");
    EXPECT_EQ(run(x + "x(x > 4) = -1;"), "1 2 3; 4 -1 -1");
    EXPECT_EQ(run(x + "x(:) = 0;"), "0 0 0; 0 0 0");
    EXPECT_EQ(run(x + "x(1, :) = [];"), "4 5 6");
    EXPECT_EQ(run(x + "x(:, [1 3]) = [];"), "2; 5");
    EXPECT_EQ(run(x + "x(x(:, 1) == 4, :) = [];"), "1 2 3");
    EXPECT_EQ(run(x + "x(:, [3 1]) = x(:, [1 3]);"), "3 2 1; 6 5 4");
    EXPECT_EQ(run("x(3) = 5;"), "0 0 5");
    EXPECT_EQ(run("x = [1 2 3 4]; x([2 4]) = [];"), "1 3");
    EXPECT_EQ(run("s.a.b = [1 2]; s.a.b(3) = 9; x = s.a.b;"), "1 2 9");
    EXPECT_EQ(run("s = struct('a', [1 2], 'b', {{}}); x = s.a;"), "1 2");
    EXPECT_EQ(run("s.a = 1; n = 'b'; s.(n) = 7; x = s.b;"), "7");
    EXPECT_EQ(run("c = {1, 'two'; [3 4], {}}; x = c{2, 1};"), "3 4");
    EXPECT_EQ(run("c = {'a'; 'b'; 'c'}; c(2) = []; x = c{end};"), "'c'");
}

TEST(MatlabFunctions, GiveTheirValues) {
    EXPECT_EQ(run("x = size([1 2 3; 4 5 6]);"), "2 3");
    EXPECT_EQ(run("[a, b] = size([1 2 3]); x = [a b];"), "1 3");
    EXPECT_EQ(run("x = [numel([1 2; 3 4]) length([1 2 3; 4 5 6]) isempty([]) nnz([1 0 2])];"),
              "4 3 1 2");
    EXPECT_EQ(run("x = sum([1 2; 3 4]);"), "4 6");
    EXPECT_EQ(run("x = sum([1 2; 3 4], 2);"), "3; 7");
    EXPECT_EQ(run("x = [any([0 1]) all([0 1]) any([]) all([])];"), "1 0 0 1");
    EXPECT_EQ(run("x = max([1 5; 7 2]);"), "7 5");
    EXPECT_EQ(run("x = max([1 5 NaN], 3);"), "3 5 3");
    EXPECT_EQ(run("[a, x] = max([3 9 9]);"), "2");
    EXPECT_EQ(run("[i, j] = find([0 1; 1 0]); x = [i j];"), "2 1; 1 2");
    EXPECT_EQ(run("[s, x] = sort([3 1 2], 'descend');"), "1 3 2");
    EXPECT_EQ(run("x = unique([3 1 3 2]);"), "1 2 3");
    EXPECT_EQ(run("x = ismember([1 5 3], [3 4 5]);"), "0 1 1");
    EXPECT_EQ(run("x = setdiff([5 1 3], 3);"), "1 5");
    EXPECT_EQ(run("x = repmat([1 2], 2, 2);"), "1 2 1 2; 1 2 1 2");
    EXPECT_EQ(run("x = reshape(1:6, [], 3);"), "1 3 5; 2 4 6");
    EXPECT_EQ(run("x = [mod(-1, 3) rem(-1, 3) fix(-1.5) sign(-2)];"), "2 -1 -1 -1");
    EXPECT_EQ(run("x = zeros(0, 2);"), "0 x 2");
    EXPECT_EQ(run("x = [strcmp('a', 'a') strcmp('a', 1) isfield(struct('q', 1), 'q')];"), "1 0 1");
    EXPECT_EQ(run("x = [exist('y', 'var') exist('x')]; "), "0 0");
    EXPECT_EQ(run("define_constants; x = [PD BR_STATUS ANGMAX PMIN APF COST];"), "3 11 13 10 21 5");
    EXPECT_EQ(run("[~, ~, x] = idx_bus;"), "3");
    EXPECT_EQ(run("c = idx_dcline; x = [c.BR_STATUS c.LOSS1];"), "3 17");
}

TEST(MatlabStatements, RunConditionsLoopsSwitchesAndFunctions) {
    EXPECT_EQ(run("a = 2; if a == 1, x = 1; elseif a == 2, x = 2; else, x = 3; end"), "2");
    EXPECT_EQ(run("x = 0; for k = 1:4, if k == 3, continue; end, x = x + k; end"), "7");
    EXPECT_EQ(run("x = 0; for k = [1 2; 3 4]\n x = x + k(2); endfor"), "7");
    EXPECT_EQ(run("x = 1; while x < 100, x = 2 * x; if x == 32, break; end, end"), "32");
    EXPECT_EQ(run("s = 'hi'; switch s\n case {'lo', 'hi'}\n x = 1;\n otherwise\n x = 2;\nend"),
              "1");
    EXPECT_EQ(run("x = twice(4);\nfunction y = twice(v)\ny = 2 * v;\nend\n"), "8");
    EXPECT_EQ(run("[a, x] = both(4);\nfunction [p, q] = both(v)\np = v; q = -v;\n"), "-4");
    EXPECT_EQ(run("if exist('y', 'var') && y > 3, x = 1; else x = 0; end"), "0");
    EXPECT_EQ(
        run("clc, close all; format long\nwarning off\nx = 4\nx;\ndisp(x); fprintf('%d\\n', x);"),
        "4");
    EXPECT_EQ(run("x = 3; assert(x == 3);"), "3");
}

TEST(MatlabStatements, WhatIsNotUnderstoodIsRefusedAtItsPlace) {
    EXPECT_EQ(run("x = 1;\nx = rand(3);"), "text.m:2:5: unknown name, got rand");
    EXPECT_EQ(run("x = 1;\nscale_load x"), "text.m:2:12: statement must end here, got 'x'");
    EXPECT_EQ(run("global mpc"), "text.m:1:1: is not supported in a case file, got global");
    EXPECT_EQ(run("s(2).a = 1;"), "text.m:1:2: arrays of structures are not supported");
    EXPECT_EQ(run("x = 1; end"), "text.m:1:8: closes nothing, got 'end'");
    EXPECT_EQ(run("x = ones(2)(1"), "text.m:1:14: expected ')', got end of file");
    EXPECT_EQ(run("mpc = loadcase('../other');"),
              "text.m:1:7: loadcase must name a case file (.m) beside this one, got ../other");
}

TEST(MatlabBounds, EveryTextComesToAnEnd) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(run("x = 1; while 1, x = x + 1; end"),
                HasSubstr("does too much work for a case file"));
    std::string doubling = "x = [1 2 3 4 5 6 7 8];\n";
    for (int k = 0; k < 40; ++k) {
        doubling += "x = [x; x];\n";
    }
    EXPECT_THAT(run(doubling), HasSubstr("text.m:22:5: table must stay below 1e7 numbers"));
    std::string nested = "c = {1};\n";
    for (int k = 0; k < 60; ++k) {
        nested += "c = {c, c};\n";
    }
    EXPECT_THAT(run(nested), HasSubstr("does too much work for a case file"));
    EXPECT_THAT(run("x = f(1);\nfunction y = f(v)\ny = f(v + 1);\nend"),
                HasSubstr("calls must not be nested deeper than 32"));
    EXPECT_THAT(run("x = zeros(1e6, 1e6);"), HasSubstr("below 1e7 numbers"));
    EXPECT_THAT(run("x(1e9, 1e9) = 1;"), HasSubstr("below 1e7 numbers"));
    std::string sum = "x = 0";
    for (int k = 0; k < 200000; ++k) {
        sum += "+1";
    }
    EXPECT_EQ(run(sum + ";"), "200000");
    std::string ifs;
    for (int k = 0; k < 5000; ++k) {
        ifs += "if 1\n";
    }
    EXPECT_THAT(run(ifs), HasSubstr("must not be nested deeper than 100"));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(seconds.count(), 30.0);
}

// Case files.

//   1 ── 2 ── 3        reference at 1, a unit at 2, loads at 2 and 3
const std::string ring = R"(mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
    1 3 0 0 0 0 1 1 0 110 1 1.1 0.9;
    2 2 30 10 0 0 1 1 0 110 1 1.1 0.9;
    3 1 60 20 0 0 1 1 0 110 1 1.1 0.9;
];
mpc.gen = [
    1 0 0 100 -100 1.02 100 1 300 0;
    2 70 0 100 -100 1.01 100 1 300 0;
];
mpc.branch = [
    1 2 0.01 0.1 0.02 0 0 0 0 0 1 -360 360;
    2 3 0.02 0.15 0.02 0 0 0 0 0 1 -360 360;
    3 1 0.01 0.12 0.02 0 0 0 0 0 1 -360 360;
];
)";

MatpowerCase parse_ring(const std::string& after) {
    return parse_matpower("function mpc = ring\n" + ring + after, "ring.m");
}

TEST(MatlabCases, AreDerivedFromACaseBesideThem) {
    const std::filesystem::path folder =
        std::filesystem::path{testing::TempDir()} / "yuanwang_derived_case";
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "ring.m"} << "function mpc = ring\n" << ring;
    std::ofstream{folder / "old.m"} << "function [baseMVA, bus, gen, branch] = old\n"
                                       "mpc = ring; baseMVA = 50; bus = mpc.bus; gen = mpc.gen;\n"
                                       "branch = mpc.branch;\n";
    std::ofstream{folder / "more.m"} << "function mpc = more\nmpc = loadcase('ring.m');\n"
                                        "mpc.bus(:, 3:4) = mpc.bus(:, 3:4) * 1.2;\n"
                                        "mpc.branch(end + 1, :) = mpc.branch(1, :);\n";
    std::ofstream{folder / "less.m"}
        << "function mpc = less\nmpc = loadcase('old');\nmpc.gen(2, 8) = 0;";
    std::ofstream{folder / "self.m"} << "function mpc = self\nmpc = loadcase('self');\n";
    const MatpowerCase more = read_matpower(folder / "more.m");
    EXPECT_EQ(more.name, "more");
    EXPECT_EQ(more.bus[2][2], 72);
    ASSERT_EQ(more.branch.size(), 4U);
    EXPECT_THAT(more.files,
                ElementsAre((folder / "more.m").string(), (folder / "ring.m").string()));
    EXPECT_EQ(more.branch_place[0], (matlab::RowPlace{.file = 1, .line = 14}));
    EXPECT_EQ(more.branch_place[3], (matlab::RowPlace{.file = 0, .line = 4}));
    const MatpowerCase less = read_matpower(folder / "less.m");
    EXPECT_EQ(less.base_mva, 50);
    EXPECT_EQ(less.gen[1][7], 0);
    EXPECT_THROW(static_cast<void>(read_matpower(folder / "self.m")), InputError);
    std::filesystem::remove_all(folder);
}

TEST(MatlabCases, FixTheSmallUnitsWhereTheirSwitchIsOn) {
    const std::string after = R"(
mpc.gen(2, [4 5 9 10]) = [Inf -Inf Inf -Inf];
if fixed
    [GEN_BUS, PG, QG, QMAX, QMIN, VG, MBASE, GEN_STATUS, PMAX, PMIN] = idx_gen;
    k = find(   isinf(mpc.gen(:, QMIN)) & ...
                isinf(mpc.gen(:, QMAX)) & ...
                isinf(mpc.gen(:, PMIN)) & ...
                isinf(mpc.gen(:, PMAX))  );
    mpc.gen(k, PMIN) = mpc.gen(k, PG);
    mpc.gen(k, PMAX) = mpc.gen(k, PG);
end
)";
    EXPECT_EQ(parse_ring("fixed = 0;\n" + after).gen[1][8], inf);
    const MatpowerCase fixed = parse_ring("fixed = 1;\n" + after);
    EXPECT_EQ(fixed.gen[1][8], 70);
    EXPECT_EQ(fixed.gen[1][9], 70);
    EXPECT_EQ(fixed.gen[0][8], 300);
}

TEST(MatlabCases, AreReadAlikeHoweverTheirTablesAreWritten) {
    const MatpowerCase plain = parse_ring("");
    const auto expect_same = [&](const std::string& after) {
        const MatpowerCase other = parse_ring(after);
        EXPECT_EQ(other.bus, plain.bus) << after;
        EXPECT_EQ(other.gen, plain.gen) << after;
        EXPECT_EQ(other.branch, plain.branch) << after;
    };
    expect_same("mpc.branch = [mpc.branch; mpc.branch(1, :)]; mpc.branch(4, :) = [];\n");
    expect_same("mpc.branch = [mpc.branch, mpc.branch]; mpc.branch = mpc.branch(:, 1:13);\n");
    expect_same(
        "mpc.bus(:, 3) = mpc.bus(:, 3) * 2 / 2; mpc.gencost = []; mpc.areas = zeros(0, 2);\n");
    expect_same(
        "s = mpc; clear mpc; mpc = struct('version', '2', 'baseMVA', s.baseMVA, 'bus', s.bus,"
        "'gen', s.gen, 'branch', s.branch);\n");
    expect_same("for k = 1:size(mpc.bus, 1), mpc.bus(k, 1) = k; end\n");
    expect_same("mpc.branch = mpc.branch'; mpc.branch = mpc.branch';\n");
    expect_same(
        "mpc.bus = [mpc.bus(1:2, :)\n%{\n 9 1 0 0 0 0 1 1 0 110 1 1.1 0.9\n%}\nmpc.bus(3, :)];\n");
}

/// Any text made by damage is read, refused in words with its place, or as an input that cannot be: no other end.
TEST(MatlabDamage, ATextIsReadOrRefusedWithItsPlace) {
    const std::string whole = "function mpc = ring\n" + ring + R"(
mpc.bus_name = {'a'; "b"; 'c''d'};
define_constants;
if mpc.baseMVA > 50 && ~isempty(mpc.gen)
    mpc.bus(mpc.bus(:, BUS_TYPE) == PQ, PD) = 1.1 * mpc.bus(mpc.bus(:, BUS_TYPE) == PQ, PD);
end
for k = 1:size(mpc.branch, 1), mpc.branch(k, BR_B) = mpc.branch(k, BR_B) / 2; end
mpc.branch(end, :) = [];
)";
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < whole.size();) {
        const std::size_t end = whole.find('\n', at);
        lines.push_back(whole.substr(at, end - at + 1));
        at = end + 1;
    }
    constexpr std::string_view letters = "[](){}';,.%=~&|<>+-*/^@#! \n\t019eEdNai:\"";
    int n_read = 0;
    int n_refused = 0;
    for (unsigned seed = 0; seed < 1500; ++seed) {
        std::mt19937 random{seed};
        const auto draw = [&](std::size_t n) {
            return n == 0 ? 0 : static_cast<std::size_t>(random()) % n;
        };
        std::vector<std::string> made = lines;
        for (std::size_t n = 1 + draw(3); n > 0; --n) {
            std::string& line = made[draw(made.size())];
            switch (draw(5)) {
            case 0:
                line = line.substr(0, draw(line.size()));
                break;
            case 1:
                std::swap(line, made[draw(made.size())]);
                break;
            case 2:
                line.insert(draw(line.size() + 1), 1, letters[draw(letters.size())]);
                break;
            case 3:
                if (!line.empty()) {
                    line[draw(line.size())] = letters[draw(letters.size())];
                }
                break;
            default:
                line.clear();
            }
        }
        std::string text;
        for (const std::string& line : made) {
            text += line;
        }
        try {
            static_cast<void>(make_study(parse_matpower(text, "ring.m")));
            ++n_read;
        } catch (const InputError& error) {
            EXPECT_THAT(error.what(), StartsWith("ring.m:")) << text;
            ++n_refused;
        }
    }
    EXPECT_GT(n_read, 100);
    EXPECT_GT(n_refused, 500);
}

} // namespace
} // namespace yuanwang::exchange
