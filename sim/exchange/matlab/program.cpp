#include "exchange/matlab/program.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "exchange/matlab/columns.hpp"
#include "exchange/matlab/evaluator.hpp"
#include "exchange/matlab/functions.hpp"
#include "exchange/matlab/parser.hpp"

namespace yuanwang::exchange::matlab {

namespace {

constexpr std::uint64_t max_work = 100'000'000;  // numbers made; some seconds at most
constexpr std::uint64_t work_of_statement = 100; // what a statement costs beside them
constexpr std::size_t max_kept_numbers = 50'000'000;
constexpr int max_calls = 32;
constexpr std::size_t max_file_bytes = 100'000'000;
constexpr std::size_t max_files = 16;

/// One file that has been read, kept as long as anything runs.
struct Source {
    std::string file;
    std::string text;
    Program program;
};

/// What all functions of a run share.
struct Session {
    std::vector<std::unique_ptr<Source>> sources; ///< by file number
    std::uint64_t work = 0;
    int n_calls = 0;

    const Source& add(std::string text, const std::string& file) {
        auto source = std::make_unique<Source>();
        source->file = file;
        source->text = std::move(text);
        source->program = parse_program(source->text, file, static_cast<int>(sources.size()));
        return *sources.emplace_back(std::move(source));
    }
    [[nodiscard]] int number_of(const Source& source) const {
        for (std::size_t k = 0; k < sources.size(); ++k) {
            if (sources[k].get() == &source) {
                return static_cast<int>(k);
            }
        }
        return 0;
    }
};

enum class Flow : unsigned char { next, break_loop, continue_loop, return_function };

/// One function at work, or a script: its variables, and its statements one after the other.
class Frame final : public Surroundings {
  public:
    Frame(Session& session, const Source& source)
        : session_{session}, source_{source}, file_number_{session.number_of(source)}, evaluate_{
                                                                                           *this} {}

    /// Runs a function; its outputs in order, as many as there are.
    std::vector<Value> run(const Function& function, std::vector<Value> arguments,
                           std::size_t n_asked, Spot spot) {
        if (arguments.size() > function.parameters.size()) {
            fail(spot,
                 "must have at most " + std::to_string(function.parameters.size()) + " arguments",
                 function.name);
        }
        variables_["nargin"] = Matrix::scalar(static_cast<double>(arguments.size()));
        variables_["nargout"] = Matrix::scalar(static_cast<double>(n_asked));
        for (std::size_t k = 0; k < arguments.size(); ++k) {
            variables_[function.parameters[k]] = std::move(arguments[k]);
        }
        static_cast<void>(run_block(function.body));
        std::vector<Value> results;
        for (const std::string& output : function.outputs) {
            const auto found = variables_.find(output);
            if (found == variables_.end()) {
                break;
            }
            results.push_back(found->second);
        }
        return results;
    }

    void run_main(const Function& function) {
        variables_["nargin"] = Matrix::scalar(0);
        variables_["nargout"] = Matrix::scalar(1);
        static_cast<void>(run_block(function.body));
    }

    void run_script(const Block& block) { static_cast<void>(run_block(block)); }

    [[nodiscard]] Variables take_variables() { return std::move(variables_); }

    // Surroundings.

    [[nodiscard]] const Value* find_variable(std::string_view name) const override {
        const auto found = variables_.find(name);
        return found == variables_.end() ? nullptr : &found->second;
    }

    [[nodiscard]] std::vector<Value> call(const std::string& name, std::vector<Value> arguments,
                                          std::size_t n_asked, Spot spot) override {
        if (const std::optional<double> constant = find_constant(name);
            constant && arguments.empty()) {
            std::vector<Value> values;
            values.emplace_back(Matrix::scalar(*constant));
            return values;
        }
        for (const Function& function : source_.program.functions) {
            if (function.name == name) {
                return call_function_of(source_, function, std::move(arguments), n_asked, spot);
            }
        }
        if (name == "loadcase") {
            return load_case(arguments, n_asked, spot);
        }
        if (name == "exist") {
            return ask_existence(arguments, spot);
        }
        if (is_function(name)) {
            Results results = call_function(name, arguments, n_asked);
            if (!results.fault.empty()) {
                fail(spot, name + ' ' + results.fault);
            }
            for (const Value& value : results.values) {
                spend(count_numbers(value), spot);
            }
            return std::move(results.values);
        }
        if (const std::string beside = find_beside(name); !beside.empty()) {
            return run_file(beside, std::move(arguments), n_asked, spot);
        }
        fail(spot, "unknown name", name);
    }

    void spend(std::size_t numbers, Spot spot) override {
        session_.work += numbers;
        if (session_.work > max_work) {
            fail(spot, "does too much work for a case file");
        }
    }

    [[nodiscard]] const std::string& file() const override { return source_.file; }
    [[nodiscard]] int file_number() const override { return file_number_; }

  private:
    // Statements.

    Flow run_block(const Block& block) {
        for (const Statement& statement : block) {
            spend(work_of_statement, statement.spot);
            const Flow flow =
                std::visit([&](const auto& node) { return run_statement(statement.spot, node); },
                           statement.node);
            if (flow != Flow::next) {
                return flow;
            }
        }
        return Flow::next;
    }

    Flow run_statement(Spot spot, const Assignment& node) {
        if (node.targets.size() == 1 && node.targets[0] != nullptr) {
            const Constant* constant = node.value->as<Constant>();
            const Matrix* nothing = constant == nullptr ? nullptr : constant->value.as<Matrix>();
            const bool removes = nothing != nullptr && nothing->empty();
            Value value = evaluate_.evaluate(*node.value).take();
            spend(count_numbers(value), spot);
            assign(*node.targets[0], std::move(value), removes);
            return Flow::next;
        }
        std::vector<Value> values = evaluate_.evaluate_several(*node.value, node.targets.size());
        if (values.size() < node.targets.size()) {
            fail(node.value->spot, "gives " + std::to_string(values.size()) + " values",
                 std::to_string(node.targets.size()) + " names");
        }
        for (std::size_t k = 0; k < node.targets.size(); ++k) {
            if (node.targets[k] != nullptr) {
                assign(*node.targets[k], std::move(values[k]), false);
            }
        }
        return Flow::next;
    }

    void assign(const Expression& target, Value value, bool removes) {
        const Access* access = target.as<Access>();
        const Name* name = access != nullptr ? access->base->as<Name>() : target.as<Name>();
        if (name == nullptr) {
            fail(target.spot, "must be a name to assign to");
        }
        if (access == nullptr) {
            variables_[name->name] = std::move(value);
        } else {
            const bool fresh = !variables_.contains(name->name);
            if (fresh && removes && access->steps.back().kind == Access::Kind::parentheses) {
                fail(target.spot, "must be a table assigned before", name->name);
            }
            evaluate_.store(variables_[name->name], access->steps, 0, std::move(value), removes);
        }
        check_memory(target.spot);
    }

    /// Counted now and then: every so many assignments, and the more often the more is kept.
    void check_memory(Spot spot) {
        if (session_.work - work_at_check_ < max_kept_numbers / 8) {
            return;
        }
        work_at_check_ = session_.work;
        std::size_t kept = 0;
        for (const auto& [name, value] : variables_) {
            kept += count_numbers(value);
        }
        if (kept > max_kept_numbers) {
            fail(spot, "keeps too much for a case file");
        }
    }

    Flow run_statement(Spot, const Evaluation& node) {
        const Access* access = node.value->as<Access>();
        const Name* name = access != nullptr ? access->base->as<Name>() : node.value->as<Name>();
        if (name != nullptr && !variables_.contains(name->name)) {
            if (name->name == "define_constants") {
                define_constants();
                return Flow::next;
            }
            if (name->name == "error") {
                fail(node.value->spot, "the case stops with an error of its own",
                     find_message(access));
            }
            if (name->name == "assert") {
                check_assertion(node.value->spot, access);
                return Flow::next;
            }
            if (is_without_value(name->name)) {
                return Flow::next;
            }
            std::vector<Value> values = evaluate_.evaluate_several(*node.value, 0);
            if (!values.empty()) {
                variables_["ans"] = std::move(values.front());
            }
            return Flow::next;
        }
        Operand operand = evaluate_.evaluate(*node.value);
        if (!operand.refers()) {
            variables_["ans"] = operand.take();
        }
        return Flow::next;
    }

    void define_constants() {
        for (const char* function : {"idx_bus", "idx_brch", "idx_gen", "idx_cost"}) {
            for (const NamedNumber& column : find_columns(function)) {
                variables_[std::string{column.name}] = Matrix::scalar(column.value);
            }
        }
    }

    std::string find_message(const Access* access) {
        if (access == nullptr || access->steps[0].arguments.empty()) {
            return {};
        }
        const Constant* constant = access->steps[0].arguments.back()->as<Constant>();
        const std::string* text = constant == nullptr ? nullptr : constant->value.as<std::string>();
        return text == nullptr ? std::string{} : *text;
    }

    void check_assertion(Spot spot, const Access* access) {
        if (access == nullptr || access->steps[0].arguments.empty() ||
            !evaluate_.is_true(*access->steps[0].arguments[0])) {
            fail(spot, "what the case asserts does not hold");
        }
    }

    Flow run_statement(Spot, const Condition& node) {
        for (const Condition::Branch& branch : node.branches) {
            if (branch.condition == nullptr || evaluate_.is_true(*branch.condition)) {
                return run_block(branch.body);
            }
        }
        return Flow::next;
    }

    Flow run_statement(Spot spot, const Loop& node) {
        const Value range = evaluate_.evaluate(*node.range).take();
        const Matrix* columns = range.as<Matrix>();
        if (columns == nullptr) {
            fail(spot, "loop must run over numbers");
        }
        for (std::size_t k = 0; k < columns->n_col && columns->n_row > 0; ++k) {
            spend(work_of_statement, spot);
            Matrix column = Matrix::filled(columns->n_row, 1);
            for (std::size_t row = 0; row < columns->n_row; ++row) {
                column.values[row] = (*columns)(row, k);
            }
            column.logical = columns->logical;
            variables_[node.variable] = std::move(column);
            const Flow flow = run_block(node.body);
            if (flow == Flow::break_loop) {
                break;
            }
            if (flow == Flow::return_function) {
                return flow;
            }
        }
        return Flow::next;
    }

    Flow run_statement(Spot spot, const Repetition& node) {
        while (evaluate_.is_true(*node.condition)) {
            spend(work_of_statement, spot);
            const Flow flow = run_block(node.body);
            if (flow == Flow::break_loop) {
                break;
            }
            if (flow == Flow::return_function) {
                return flow;
            }
        }
        return Flow::next;
    }

    Flow run_statement(Spot, const Selection& node) {
        const Value subject = evaluate_.evaluate(*node.subject).take();
        for (const Selection::Case& one : node.cases) {
            if (one.label == nullptr || matches(subject, evaluate_.evaluate(*one.label).get())) {
                return run_block(one.body);
            }
        }
        return Flow::next;
    }

    static bool matches(const Value& subject, const Value& label) {
        if (const Cells* cells = label.as<Cells>()) {
            return std::ranges::any_of(cells->items,
                                       [&](const Value& item) { return matches(subject, item); });
        }
        const Matrix* number = subject.as<Matrix>();
        const Matrix* other = label.as<Matrix>();
        if (number != nullptr && other != nullptr) {
            return number->is_scalar() && other->is_scalar() && number->values == other->values;
        }
        return are_equal(subject, label);
    }

    static Flow run_statement(Spot, const Jump& node) {
        return node == Jump::break_loop      ? Flow::break_loop
               : node == Jump::continue_loop ? Flow::continue_loop
                                             : Flow::return_function;
    }

    Flow run_statement(Spot, const Clearance& node) {
        if (node.names.empty()) {
            variables_.clear();
        }
        for (const std::string& name : node.names) {
            variables_.erase(name);
        }
        return Flow::next;
    }

    static Flow run_statement(Spot, const Command&) { return Flow::next; }

    Flow run_statement(Spot spot, const Refused& node) { fail(spot, node.rule, node.got); }

    // Calls.

    std::vector<Value> call_function_of(const Source& source, const Function& function,
                                        std::vector<Value> arguments, std::size_t n_asked,
                                        Spot spot) {
        if (++session_.n_calls > max_calls) {
            fail(spot, "calls must not be nested deeper than " + std::to_string(max_calls),
                 function.name);
        }
        Frame frame{session_, source};
        std::vector<Value> results = frame.run(function, std::move(arguments), n_asked, spot);
        --session_.n_calls;
        for (const Value& value : results) {
            spend(count_numbers(value), spot);
        }
        return results;
    }

    /// `exist('name', 'var')`, `exist('name')`: 1 for a variable, 2 for a function.
    std::vector<Value> ask_existence(const std::vector<Value>& arguments, Spot spot) {
        const std::string* name = arguments.empty() ? nullptr : arguments[0].as<std::string>();
        if (name == nullptr) {
            fail(spot, "exist must have a name");
        }
        const std::string* kind = arguments.size() > 1 ? arguments[1].as<std::string>() : nullptr;
        const bool variable = variables_.contains(*name);
        const bool function = kind == nullptr && !variable && is_function(*name);
        std::vector<Value> values;
        values.emplace_back(Matrix::scalar(variable ? 1 : function ? 2 : 0));
        return values;
    }

    // Other files.

    /// The file `<name>.m` in the folder of this one; empty where there is none.
    [[nodiscard]] std::string find_beside(std::string_view name) const {
        if (name.empty() || name.find_first_of("/\\:") != std::string_view::npos ||
            name.front() == '.') {
            return {};
        }
        const bool suffixed = name.ends_with(".m");
        const std::filesystem::path file = std::filesystem::path{source_.file}.parent_path() /
                                           (std::string{name} + (suffixed ? "" : ".m"));
        std::error_code error;
        return std::filesystem::is_regular_file(file, error) ? file.string() : std::string{};
    }

    /// The case of a file beside this one as a structure, or its tables one by one.
    std::vector<Value> load_case(std::vector<Value>& arguments, std::size_t n_asked, Spot spot) {
        if (arguments.size() != 1) {
            fail(spot, "loadcase must have one case");
        }
        std::vector<Value> results;
        if (arguments[0].as<Struct>() != nullptr) {
            results.push_back(std::move(arguments[0]));
        } else {
            const std::string* name = arguments[0].as<std::string>();
            const std::string file = name == nullptr ? std::string{} : find_beside(*name);
            if (file.empty()) {
                fail(spot, "loadcase must name a case file (.m) beside this one",
                     name == nullptr ? std::string{} : *name);
            }
            results = run_file(file, {}, 1, spot);
        }
        if (n_asked > 1) {
            return list_tables(results, spot);
        }
        return results;
    }

    std::vector<Value> list_tables(const std::vector<Value>& results, Spot spot) const {
        const Struct* fields = results.empty() ? nullptr : results[0].as<Struct>();
        std::vector<Value> tables;
        for (const char* name : {"baseMVA", "bus", "gen", "branch", "areas", "gencost"}) {
            const Value* table = fields == nullptr ? nullptr : fields->find(name);
            if (table == nullptr && tables.size() < 4) {
                fail(spot, "the case has no table of this name", name);
            }
            tables.push_back(table == nullptr ? Value{} : *table);
        }
        return tables;
    }

    /// Runs the function of a file, or its script; tables given one by one become a structure.
    std::vector<Value> run_file(const std::string& file, std::vector<Value> arguments,
                                std::size_t n_asked, Spot spot) {
        if (session_.sources.size() >= max_files) {
            fail(spot, "must not read more than " + std::to_string(max_files) + " files", file);
        }
        const Source& source = session_.add(read_text(file), file);
        if (source.program.functions.empty() || !source.program.script.empty()) {
            Frame frame{session_, source};
            frame.run_script(source.program.script);
            Variables left = frame.take_variables();
            const auto found = left.find("mpc");
            std::vector<Value> results;
            results.push_back(found != left.end() ? std::move(found->second) : gather_tables(left));
            return results;
        }
        const Function& function = source.program.functions.front();
        std::vector<Value> results =
            call_function_of(source, function, std::move(arguments), n_asked, spot);
        if (function.outputs.size() >= 4 && !results.empty() &&
            results.front().as<Struct>() == nullptr) {
            constexpr const char* names[] = {"baseMVA", "bus", "gen", "branch", "areas", "gencost"};
            Variables tables;
            for (std::size_t k = 0; k < std::min<std::size_t>(results.size(), 6); ++k) {
                tables[names[k]] = std::move(results[k]);
            }
            results.clear();
            results.push_back(gather_tables(tables));
        }
        return results;
    }

    static Value gather_tables(Variables& variables) {
        Struct tables;
        for (const char* name :
             {"baseMVA", "bus", "gen", "branch", "areas", "gencost", "bus_name"}) {
            if (const auto found = variables.find(name); found != variables.end()) {
                tables.field(name) = std::move(found->second);
            }
        }
        return tables;
    }

    Session& session_;
    const Source& source_;
    int file_number_;
    Variables variables_;
    Evaluator evaluate_;
    std::uint64_t work_at_check_ = 0;
};

} // namespace

Outcome run_program(std::string_view text, const std::string& file) {
    Session session;
    const Source& source = session.add(std::string{text}, file);
    const Program& program = source.program;
    Outcome outcome;
    Frame frame{session, source};
    if (program.functions.empty() || !program.script.empty()) {
        frame.run_script(program.script);
    } else {
        outcome.function = program.functions.front().name;
        outcome.outputs = program.functions.front().outputs;
        frame.run_main(program.functions.front());
    }
    outcome.variables = frame.take_variables();
    for (const auto& read : session.sources) {
        outcome.files.push_back(read->file);
    }
    return outcome;
}

std::string read_text(const std::string& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
        throw IoError(file + ": cannot be read: is a directory");
    }
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        const bool exists = std::filesystem::exists(file, error);
        throw IoError(file +
                      ": cannot be read: " + (exists ? "permission denied" : "no such file"));
    }
    std::string text;
    std::vector<char> piece(1 << 20);
    while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
           stream.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (text.size() > max_file_bytes) {
            throw IoError(file + ": cannot be read: is larger than 100 MB");
        }
    }
    if (stream.bad()) {
        throw IoError(file + ": cannot be read: input/output error");
    }
    return text;
}

} // namespace yuanwang::exchange::matlab
