#include "proxy/tls_context.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace headroom::proxy {
namespace {

namespace fs = std::filesystem;

// Where systems keep their trusted certificates. A folder of hashed names is read certificate by certificate as needed,
// a bundle all at once, so the folders are asked first.
constexpr std::array<std::string_view, 3> kHashedFolders{"/etc/ssl/certs", "/etc/pki/tls/certs",
                                                         "/system/etc/security/cacerts"};
constexpr std::array<std::string_view, 6> kBundles{"/etc/ssl/certs/ca-certificates.crt",
                                                   "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                                   "/etc/pki/tls/certs/ca-bundle.crt",
                                                   "/etc/ssl/ca-bundle.pem",
                                                   "/etc/ssl/cert.pem",
                                                   "/opt/homebrew/etc/openssl@3/cert.pem"};

// True when the folder holds names such as "5ad8a5d6.0".
bool is_hashed(const fs::path& folder) {
  std::error_code error;
  int looked_at = 0;
  for (fs::directory_iterator it(folder, error), end; !error && it != end && looked_at < 2000; it.increment(error)) {
    const std::string name = it->path().filename().string();
    ++looked_at;
    if (name.size() == 10 && name.ends_with(".0")) return true;
  }
  return false;
}

void add_system_store(SSL_CTX* context) {
  for (const std::string_view folder : kHashedFolders) {
    if (is_hashed(folder) && SSL_CTX_load_verify_dir(context, folder.data()) == 1) return;
  }
  std::error_code error;
  for (const std::string_view bundle : kBundles) {
    if (fs::is_regular_file(bundle, error) && SSL_CTX_load_verify_file(context, bundle.data()) == 1) return;
  }
  SSL_CTX_set_default_verify_paths(context);
}

// Names of what the environment adds; a file that cannot be read is an error, because it was meant to matter.
base::Result<void> add_from_environment(SSL_CTX* context) {
  for (const char* name : {"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"}) {
    const char* file = std::getenv(name);
    if (file == nullptr || *file == '\0') continue;
    if (SSL_CTX_load_verify_file(context, file) != 1) {
      return base::fail(base::ErrorCode::kIo,
                        fmt::format("{} names a file with no readable certificate: {}", name, file));
    }
  }
  const char* folder = std::getenv("SSL_CERT_DIR");
  if (folder != nullptr && *folder != '\0' && SSL_CTX_load_verify_dir(context, folder) != 1) {
    return base::fail(base::ErrorCode::kIo, fmt::format("SSL_CERT_DIR cannot be used: {}", folder));
  }
  return {};
}

base::Result<void> add_files(SSL_CTX* context, const TlsFiles& files) {
  const auto unusable = [](std::string_view what, const std::string& file) {
    return base::fail(base::ErrorCode::kIo, fmt::format("{} names a file with no usable {}: {}", what,
                                                        what == "ca-bundle" ? "certificate" : "PEM part", file));
  };
  if (!files.authorities.empty() && SSL_CTX_load_verify_file(context, files.authorities.c_str()) != 1) {
    return unusable("ca-bundle", files.authorities);
  }
  if (files.certificate.empty()) return {};
  // Nobody is there to be asked for a passphrase.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return unusable("client-cert", files.certificate);
  }
  const std::string& key = files.key.empty() ? files.certificate : files.key;
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) return unusable("client-key", key);
  return {};
}

}  // namespace

base::Result<boost::asio::ssl::context*> TlsContext::get() {
  std::call_once(once_, [this] { make(); });
  if (!context_) return std::unexpected(error_);
  return &*context_;
}

void TlsContext::make() {
  boost::asio::ssl::context context(boost::asio::ssl::context::tls_client);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // Buffers of idle connections are given back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  constexpr unsigned char kHttp1[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(native, kHttp1, sizeof(kHttp1) - 1);
  add_system_store(native);
  if (auto added = add_from_environment(native); !added) {
    error_ = added.error();
    return;
  }
  if (auto added = add_files(native, files_); !added) {
    error_ = added.error();
    return;
  }
  context_.emplace(std::move(context));
}

}  // namespace headroom::proxy
