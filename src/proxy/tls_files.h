#pragma once

#include <string>

namespace headroom::proxy {

/// Files that the settings name; empty: none.
struct TlsFiles {
  std::string authorities;  ///< trusted, too
  std::string certificate;  ///< shown to upstreams that ask for one
  std::string key;          ///< of the certificate; empty: in the same file
};

}  // namespace headroom::proxy
