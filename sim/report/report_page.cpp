#include "report/report_page.hpp"

#include <stdexcept>

#include "report/encoding.hpp"
#include "report/page_template.hpp"

namespace yuanwang::report {
namespace {

constexpr std::string_view data_mark = "@yuanwang-data@";
constexpr std::string_view language_mark = "@yuanwang-language@";
constexpr std::string_view title_mark = "@yuanwang-title@";

std::string escape_html(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

/// Copies the template up to a mark, which stands in it exactly once, and the text in its place.
void append_until(std::string& page, std::string_view& rest, std::string_view mark,
                  std::string_view text) {
    const std::size_t at = rest.find(mark);
    if (at == std::string_view::npos) {
        throw std::logic_error("report template: no " + std::string{mark});
    }
    page.append(rest.substr(0, at)).append(text);
    rest.remove_prefix(at + mark.size());
}

/// A template with language, title and data in the place of its marks.
std::string fill_template(std::string_view rest, std::string_view content, std::string_view title,
                          Language language) {
    const std::string data = to_base64(gzip(content));
    std::string page;
    page.reserve(rest.size() + data.size() + 1024);
    append_until(page, rest, language_mark, language == Language::zh ? "zh" : "en");
    append_until(page, rest, title_mark, escape_html(std::string{title} + " · Yuanwang 源网"));
    append_until(page, rest, data_mark, data);
    page.append(rest);
    return page;
}

} // namespace

ReportContext describe(const engine::Study& study) {
    ReportContext context{.name = study.name,
                          .description = study.description,
                          .seed = study.seed,
                          .voltage_band_pu = {},
                          .n1_exceptions = study.n_1.exceptions,
                          .n1_positions_move = study.n_1.controls == engine::N1Controls::moving,
                          .projects = study.projects,
                          .provenance = study.provenance};
    for (const engine::Epoch& epoch : study.epochs) {
        const network::Buses& buses = epoch.system.grid.buses;
        for (std::size_t i = 0; i < buses.size(); ++i) {
            const BusIdx bus{i};
            context.voltage_band_pu[buses.id[i]] = {buses.vm_min_pu[bus], buses.vm_max_pu[bus]};
        }
    }
    return context;
}

std::string make_report_page(const exchange::StoredResults& results, std::string_view summary_json,
                             const ReportContext& context, Language language) {
    return fill_template(page_template(), pack_report_data(results, summary_json, context),
                         context.name.in(language), language);
}

std::string make_sweep_page(std::string_view json, std::string_view title, Language language) {
    return fill_template(sweep_page_template(), json, title, language);
}

} // namespace yuanwang::report
