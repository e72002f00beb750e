#include "test_tls.h"

#include <csignal>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace headroom::proxy_test {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// A certificate for `key`, valid for a day; without an issuer it signs itself and is an authority.
Owned<X509> make_certificate(EVP_PKEY* key, const std::string& name, X509* issuer, EVP_PKEY* issuer_key) {
  Owned<X509> certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), issuer == nullptr ? subject : X509_get_subject_name(issuer));
  X509* signer = issuer == nullptr ? certificate.get() : issuer;
  add_extension(certificate.get(), signer, NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (issuer != nullptr) add_extension(certificate.get(), signer, NID_subject_alt_name, "DNS:" + name);
  X509_sign(certificate.get(), issuer == nullptr ? key : issuer_key, EVP_sha256());
  return certificate;
}

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

}  // namespace

struct TestAuthority::Keys {
  Owned<EVP_PKEY> key{EVP_EC_gen("P-256")};
  Owned<EVP_PKEY> server_key{EVP_EC_gen("P-256")};
  Owned<X509> certificate = make_certificate(key.get(), "Test Authority", nullptr, nullptr);
};

TestAuthority::TestAuthority() : keys_(std::make_unique<Keys>()) {}
TestAuthority::~TestAuthority() = default;

std::string TestAuthority::certificate() const {
  return pem_of(keys_->certificate.get());
}

std::pair<std::string, std::string> TestAuthority::client() const {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> signed_by_us =
      make_certificate(key.get(), "client.example", keys_->certificate.get(), keys_->key.get());
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {pem_of(signed_by_us.get()), text_of(bio.get())};
}

bool TestAuthority::serve(TestSocket& socket, const std::string& dns_name, const std::string& response,
                          int most) const {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to a client that has gone, too
  const Owned<X509> certificate =
      make_certificate(keys_->server_key.get(), dns_name, keys_->certificate.get(), keys_->key.get());
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), keys_->server_key.get());
  if (wants_client_) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), keys_->certificate.get());
  }
  const Owned<SSL> ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), socket.fd());
  if (SSL_accept(ssl.get()) != 1) return false;
  std::string request;
  char buffer[4096];
  for (int got = 0; (got = SSL_read(ssl.get(), buffer, sizeof(buffer))) > 0;) {
    request.append(buffer, static_cast<std::size_t>(got));
    if (!request.ends_with("\r\n\r\n")) continue;
    SSL_write(ssl.get(), response.data(), static_cast<int>(response.size()));
    request.clear();
    if (--most == 0) break;
  }
  SSL_shutdown(ssl.get());
  return true;
}

}  // namespace headroom::proxy_test
