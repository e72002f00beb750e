#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom::detect {

/// The words of one simple command, quotes taken off, wrappers and redirections gone; the first is the program's bare
/// name: {"git", "log", "--oneline"} for "sudo -u me /usr/bin/git -C x log --oneline 2>&1 | head -20".
using CommandWords = std::vector<std::string>;

/// The commands of a shell line whose output is seen, in order. Of a pipeline it is the last one that makes output of
/// its own (head, tail, sort, tee, grep behind a pipe ... pass lines on); commands that print nothing (cd, export,
/// mkdir, echo of a heading, ...) do not count. A pipeline that ends in a program that may print anything of what it
/// reads (awk, cut, tr) gives that program.
std::vector<CommandWords> deciding_commands(std::string_view line);

}  // namespace headroom::detect
