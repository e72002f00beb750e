#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace headroom::agents {

/// Who uses a proxy that was started for agents: a folder with a file for each of them, which its process holds locked
/// for as long as it lives, however it ends. Whoever adds or counts them holds the folder's own lock.
class Clients {
 public:
  /// `folder` is made when it is missing.
  static base::Result<Clients> open(std::string folder);

  using Held = std::shared_ptr<void>;
  /// The folder's lock; waits for it.
  base::Result<Held> lock() const;
  /// nullptr when somebody else has it.
  Held try_lock() const;

  /// Counts this process as a client that runs `agent`, until the handle goes, in a file of its own. The lock must be
  /// held.
  base::Result<Held> join(std::string_view agent) const;

  struct Census {
    std::vector<std::string> alive;  ///< agents of the clients that live, sorted
    std::vector<std::string> gone;   ///< of those that ended without a word, sorted; told once
    std::vector<int> processes;      ///< of the clients that live
  };
  /// The lock must be held.
  Census count() const;

  /// How many clients that live run `agent`, in all folders of clients that are in `above`. Takes no lock and tells
  /// nothing to count().
  static std::size_t count_running(const std::string& above, std::string_view agent);

  /// False after somebody has removed the folder: nobody can be counted in it until it is opened anew.
  bool is_there() const;
  const std::string& folder() const { return folder_; }

 private:
  explicit Clients(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace headroom::agents
