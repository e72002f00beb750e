#include "detect/command_line.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

#include "base/text.h"

namespace headroom::detect {
namespace {

using Names = std::span<const std::string_view>;
using Pipeline = std::vector<CommandWords>;

constexpr int kDeepest = 4;

bool one_of(Names names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// Print nothing, or nothing that says what the rest is.
constexpr std::array<std::string_view, 36> kSilent = {
    "cd",    "export", "set",   "unset",      "mkdir", "rm",       "cp",     "mv",   "touch",
    "chmod", "chown",  "sleep", "source",     ".",     "true",     "false",  ":",    "pushd",
    "popd",  "ulimit", "umask", "trap",       "alias", "echo",     "printf", "kill", "pkill",
    "wait",  "ln",     "shopt", "deactivate", "nvm",   "activate", "exit",   "test", "["};

/// Pass on lines of what they read, when they stand behind a pipe.
constexpr std::array<std::string_view, 20> kPassing = {"head", "tail", "cat",   "tee",   "sort", "uniq",  "less",
                                                       "more", "grep", "egrep", "fgrep", "rg",   "sed",   "nl",
                                                       "tac",  "ag",   "ts",    "pv",    "shuf", "column"};

/// Run another command; the number says how many words of their own follow that are no options.
struct Wrapper {
  std::string_view name;
  int own_words;
};
constexpr std::array<Wrapper, 22> kWrappers = {
    {{"sudo", 0},    {"doas", 0},   {"env", 0},        {"time", 0},    {"nice", 0}, {"ionice", 0},
     {"timeout", 1}, {"nohup", 0},  {"stdbuf", 0},     {"command", 0}, {"exec", 0}, {"xargs", 0},
     {"watch", 0},   {"npx", 0},    {"bunx", 0},       {"uvx", 0},     {"pipx", 0}, {"unbuffer", 0},
     {"chronic", 0}, {"setsid", 0}, {"caffeinate", 0}, {"script", 0}}};

/// Pairs of words that run another command.
constexpr std::array<std::array<std::string_view, 2>, 12> kRunners = {{{"uv", "run"},
                                                                       {"poetry", "run"},
                                                                       {"pipenv", "run"},
                                                                       {"pdm", "run"},
                                                                       {"hatch", "run"},
                                                                       {"rye", "run"},
                                                                       {"bundle", "exec"},
                                                                       {"pnpm", "exec"},
                                                                       {"pnpm", "dlx"},
                                                                       {"npm", "exec"},
                                                                       {"yarn", "dlx"},
                                                                       {"conda", "run"}}};

/// Options of wrappers that take the next word.
constexpr std::array<std::string_view, 16> kWrapperValues = {
    "-u", "-g", "-n", "-k", "-s", "--signal", "--kill-after", "-c",
    "-o", "-e", "-I", "-P", "-L", "--with",   "--python",     "-i"};

std::string bare_program(std::string_view word) {
  const std::size_t slash = word.rfind('/');
  std::string name(slash == std::string_view::npos ? word : word.substr(slash + 1));
  if (name == "gradlew") return "gradle";
  if (name == "mvnw") return "mvn";
  if (name.ends_with(".exe")) name.resize(name.size() - 4);
  // python3.11, pip3, gcc-12, clang++-19.
  std::size_t end = name.size();
  while (end > 0 && (std::isdigit(static_cast<unsigned char>(name[end - 1])) != 0 || name[end - 1] == '.')) --end;
  if (end < name.size() && end >= 3) {
    if (name[end - 1] == '-') --end;
    const std::string_view stem = std::string_view(name).substr(0, end);
    static constexpr std::array<std::string_view, 8> kNumbered = {"python", "pip",     "gcc",        "g++",
                                                                  "clang",  "clang++", "clang-tidy", "ruby"};
    if (one_of(kNumbered, stem)) return std::string(stem);
  }
  return name;
}

bool is_assignment(std::string_view word) {
  const std::size_t equal = word.find('=');
  if (equal == std::string_view::npos || equal == 0) return false;
  return std::ranges::all_of(word.substr(0, equal),
                             [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

/// Cuts a shell line into pipelines of simple commands. Not a shell: quotes, escapes, operators and redirections are
/// understood, substitutions stay in the word they are in.
class Reader {
 public:
  explicit Reader(std::string_view line) : line_(line) {}

  std::vector<Pipeline> run() {
    while (at_ < line_.size()) step();
    end_pipeline();
    return std::move(pipelines_);
  }

 private:
  void step() {
    const char c = line_[at_];
    const char next = at_ + 1 < line_.size() ? line_[at_ + 1] : '\0';
    if (c == '\\' && next == '\n') {
      at_ += 2;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
      ++at_;
    } else if (c == '#' && !in_word_) {
      at_ = std::min(line_.find('\n', at_), line_.size());
    } else if (c == '<' && next == '<') {
      here_document();
    } else if (c == '>' || c == '<' || (c == '&' && next == '>')) {
      redirection();
    } else if (c == '|' && next != '|') {
      at_ += next == '&' ? 2 : 1;
      end_command();
    } else if (c == '\n') {
      end_line();
    } else if (c == ';' || c == '&' || c == '|' || c == '(' || c == ')') {
      ++at_;
      end_pipeline();
    } else {
      word_part(c);
    }
  }

  void word_part(char c) {
    in_word_ = true;
    if (c == '\'' || c == '"') {
      quoted(c);
    } else if (c == '$' && at_ + 1 < line_.size() && line_[at_ + 1] == '(') {
      substitution();
    } else if (c == '\\' && at_ + 1 < line_.size()) {
      word_ += line_[at_ + 1];
      at_ += 2;
    } else {
      word_ += c;
      ++at_;
    }
  }

  void quoted(char quote) {
    for (++at_; at_ < line_.size() && line_[at_] != quote; ++at_) {
      if (quote == '"' && line_[at_] == '\\' && at_ + 1 < line_.size()) ++at_;
      word_ += line_[at_];
    }
    if (at_ < line_.size()) ++at_;
  }

  void substitution() {
    int depth = 0;
    for (; at_ < line_.size(); ++at_) {
      word_ += line_[at_];
      depth += line_[at_] == '(' ? 1 : line_[at_] == ')' ? -1 : 0;
      if (depth == 0 && line_[at_] == ')') break;
    }
    if (at_ < line_.size()) ++at_;
  }

  void redirection() {
    // A number just before belongs to it: 2>&1.
    if (in_word_ && word_.size() == 1 && std::isdigit(static_cast<unsigned char>(word_[0])) != 0) {
      word_.clear();
      in_word_ = false;
    }
    end_word();
    while (at_ < line_.size() && std::string_view("<>&|").find(line_[at_]) != std::string_view::npos) ++at_;
    while (at_ < line_.size() && line_[at_] == ' ') ++at_;
    while (at_ < line_.size() && std::string_view(" \t\n;|&()").find(line_[at_]) == std::string_view::npos) ++at_;
  }

  /// "<<'EOF'": what stands from the next line to a line EOF is input, not commands.
  void here_document() {
    end_word();
    at_ += 2;
    if (at_ < line_.size() && line_[at_] == '<') {  // "<<<": one word follows
      ++at_;
      return;
    }
    here_.clear();
    while (at_ < line_.size() && std::string_view("- '\"").find(line_[at_]) != std::string_view::npos) ++at_;
    const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    while (at_ < line_.size() && letter(line_[at_])) here_ += line_[at_++];
    if (at_ < line_.size() && (line_[at_] == '\'' || line_[at_] == '"')) ++at_;
  }

  void end_line() {
    end_pipeline();
    if (!here_.empty()) {
      const std::size_t close = line_.find("\n" + here_, at_);
      at_ = close == std::string_view::npos ? line_.size() : close + 1 + here_.size();
      here_.clear();
      return;
    }
    ++at_;
  }

  void end_word() {
    if (in_word_) command_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }
  void end_command() {
    end_word();
    if (!command_.empty()) pipeline_.push_back(std::move(command_));
    command_.clear();
  }
  void end_pipeline() {
    end_command();
    if (!pipeline_.empty()) pipelines_.push_back(std::move(pipeline_));
    pipeline_.clear();
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::string here_;  // ends the here-document that begins on the next line
  std::string word_;
  bool in_word_ = false;
  CommandWords command_;
  Pipeline pipeline_;
  std::vector<Pipeline> pipelines_;
};

/// How many words to skip so that the next is the wrapped command; 0: no wrapper.
std::size_t wrapped_at(const CommandWords& words) {
  const std::string program = bare_program(words[0]);
  const auto* wrapper = std::ranges::find(kWrappers, std::string_view(program), &Wrapper::name);
  int own = 0;
  std::size_t at = 1;
  if (wrapper != kWrappers.end()) {
    own = wrapper->own_words;
  } else if (words.size() > 2 && std::ranges::any_of(kRunners, [&](const auto& pair) {
               return pair[0] == program && pair[1] == words[1];
             })) {
    at = 2;
  } else if (program == "python" && words.size() > 2 && words[1] == "-m") {
    return 2;
  } else {
    return 0;
  }
  while (at < words.size()) {
    const std::string& word = words[at];
    if (word == "--") {
      ++at;
      break;
    }
    if (word.starts_with("-")) {
      at += one_of(kWrapperValues, word) ? 2 : 1;
    } else if (is_assignment(word) && program != "xargs") {
      ++at;
    } else if (own > 0) {
      --own;
      ++at;
    } else {
      break;
    }
  }
  return at < words.size() ? at : 0;
}

/// The command that runs inside a container, behind "docker exec web" or "kubectl exec pod --"; 0: none.
std::size_t inner_at(const CommandWords& words) {
  const std::string program = bare_program(words[0]);
  if (words.size() < 4 || (program != "docker" && program != "podman" && program != "kubectl")) return 0;
  std::size_t at = words[1] == "compose" ? 3 : 2;
  if (words[at - 1] != "exec") return 0;
  const auto dashes = std::ranges::find(words, "--");
  if (dashes != words.end()) return static_cast<std::size_t>(dashes - words.begin()) + 1;
  static constexpr std::array<std::string_view, 8> kValues = {"-e",     "-u",        "-w", "--env",
                                                              "--user", "--workdir", "-n", "-c"};
  while (at < words.size() && words[at].starts_with("-")) at += one_of(kValues, words[at]) ? 2 : 1;
  return at + 1 < words.size() ? at + 1 : 0;
}

/// The text behind -c of a shell: bash -lc "make test".
std::string_view shell_script(const CommandWords& words) {
  static constexpr std::array<std::string_view, 5> kShells = {"bash", "sh", "zsh", "dash", "fish"};
  if (words.size() < 3 || !one_of(kShells, bare_program(words[0]))) return {};
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i].starts_with("-") && !words[i].starts_with("--") && words[i].ends_with("c")) return words[i + 1];
  }
  return {};
}

void collect(std::string_view line, int depth, std::vector<CommandWords>& found);

void collect_pipeline(Pipeline& pipeline, int depth, std::vector<CommandWords>& found) {
  for (std::size_t i = pipeline.size(); i-- > 0;) {
    CommandWords words = std::move(pipeline[i]);
    while (!words.empty() && is_assignment(words[0])) words.erase(words.begin());
    for (int layer = 0; layer < 6 && !words.empty(); ++layer) {
      std::size_t skip = wrapped_at(words);
      if (skip == 0) skip = inner_at(words);
      if (skip == 0) break;
      words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(skip));
    }
    if (words.empty()) continue;
    if (const std::string script(shell_script(words)); !script.empty()) {
      if (depth < kDeepest) collect(script, depth + 1, found);
      return;
    }
    words[0] = bare_program(words[0]);
    static constexpr std::array<std::string_view, 9> kKeywords = {"if",    "then", "else", "do",  "while",
                                                                  "until", "!",    "{",    "time"};
    while (words.size() > 1 && one_of(kKeywords, words[0])) {
      words.erase(words.begin());
      words[0] = bare_program(words[0]);
    }
    if (i > 0 && one_of(kPassing, words[0])) continue;
    if (i == 0 && one_of(kSilent, words[0])) return;
    found.push_back(std::move(words));
    return;
  }
}

void collect(std::string_view line, int depth, std::vector<CommandWords>& found) {
  for (Pipeline& pipeline : Reader(line).run()) collect_pipeline(pipeline, depth, found);
}

}  // namespace

std::vector<CommandWords> deciding_commands(std::string_view line) {
  std::vector<CommandWords> found;
  collect(line.substr(0, std::size_t{16} << 10), 0, found);
  return found;
}

}  // namespace headroom::detect
