#include "replay/plot.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace headroom::replay {
namespace {

constexpr double kWidth = 860, kPanel = 220, kLeft = 76, kRight = 20, kTop = 52, kGap = 58;
constexpr std::string_view kGrey = "#8a8f98", kGreen = "#1a7f4b";

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

/// 1, 2 or 5 times a power of ten, so that about four of them reach `top`.
double tick_of(double top) {
  const double rough = top / 4;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power) return factor * power;
  }
  return 10 * power;
}

std::string dollars(double amount, double tick) {
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(tick) - 1e-9)), 0, 8);
  return fmt::format("${:.{}f}", amount, digits);
}

/// One pair of lines with its axes.
class Panel {
 public:
  Panel(double top_edge, const std::vector<double>& a, const std::vector<double>& b) : top_edge_(top_edge) {
    count_ = std::max(a.size(), b.size());
    for (const auto* values : {&a, &b}) {
      for (double value : *values) highest_ = std::max(highest_, value);
    }
    if (highest_ <= 0) highest_ = 1;
  }

  std::string frame(std::string_view label) const {
    const double tick = tick_of(highest_);
    std::string out = fmt::format(R"(<text x="{}" y="{:.1f}" font-weight="bold">{}</text>)"
                                  "\n",
                                  kLeft, top_edge_ - 10, label);
    for (double value = 0; value <= highest_ * 1.001; value += tick) {
      out += fmt::format(
          R"(<line x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}" stroke="#e4e6ea"/><text x="{}" y="{:.1f}" text-anchor="end">{}</text>)"
          "\n",
          kLeft, kWidth - kRight, y_of(value), y_of(value), kLeft - 6, y_of(value) + 4, dollars(value, tick));
    }
    out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="end">request {}</text>)"
                       "\n",
                       kWidth - kRight, top_edge_ + kPanel + 16, count_);
    return out;
  }

  std::string line(const std::vector<double>& values, std::string_view colour) const {
    std::string points;
    for (std::size_t i = 0; i < values.size(); ++i) points += fmt::format("{:.1f},{:.1f} ", x_of(i), y_of(values[i]));
    return fmt::format(R"(<polyline fill="none" stroke="{}" stroke-width="1.6" points="{}"/>)"
                       "\n",
                       colour, points);
  }

 private:
  double x_of(std::size_t i) const {
    const double span = kWidth - kLeft - kRight;
    return count_ < 2 ? kLeft : kLeft + span * static_cast<double>(i) / static_cast<double>(count_ - 1);
  }
  double y_of(double value) const { return top_edge_ + kPanel * (1 - value / highest_); }

  double top_edge_;
  std::size_t count_ = 0;
  double highest_ = 0;
};

std::vector<double> running_sums(const std::vector<double>& values) {
  std::vector<double> sums(values.size());
  std::partial_sum(values.begin(), values.end(), sums.begin());
  return sums;
}

void add(const std::vector<double>& values, std::vector<double>& sum) {
  sum.resize(std::max(sum.size(), values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) sum[i] += values[i];
}

}  // namespace

CostCurve cost_curve(const std::vector<SessionResult>& results) {
  CostCurve curve;
  for (const SessionResult& result : results) {
    add(result.passthrough.usd_per_turn, curve.passthrough);
    add(result.headroom.usd_per_turn, curve.headroom);
  }
  return curve;
}

std::string cost_svg(const CostCurve& curve, const std::string& title) {
  const std::vector<double> sum_raw = running_sums(curve.passthrough);
  const std::vector<double> sum_ours = running_sums(curve.headroom);
  const Panel each(kTop + 20, curve.passthrough, curve.headroom);
  const Panel all(kTop + 20 + kPanel + kGap, sum_raw, sum_ours);
  const double height = kTop + 20 + 2 * kPanel + kGap + 34;
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" font-family="sans-serif" font-size="12" fill="#24292f">)"
      "\n"
      R"(<rect width="100%" height="100%" fill="white"/><text x="{2}" y="22" font-size="15" font-weight="bold">{3}</text>)"
      "\n",
      kWidth, height, kLeft, escaped(title));
  out +=
      fmt::format(R"(<text x="{0}" y="42" fill="{2}">passthrough</text><text x="{1}" y="42" fill="{3}">Headroom</text>)"
                  "\n",
                  kLeft, kLeft + 90, kGrey, kGreen);
  out += each.frame("cost of each request") + each.line(curve.passthrough, kGrey) + each.line(curve.headroom, kGreen);
  out += all.frame("cost so far") + all.line(sum_raw, kGrey) + all.line(sum_ours, kGreen);
  return out + "</svg>\n";
}

}  // namespace headroom::replay
