#include "proxy/tls_check.h"

#include <ctime>
#include <memory>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "proxy/tls_context.h"

namespace headroom::proxy {

base::Result<std::optional<std::int64_t>> check_tls(const TlsFiles& files, std::int64_t now_s) {
  TlsContext tls(files);
  const auto context = tls.get();
  if (!context) return std::unexpected(context.error());
  X509* const certificate = SSL_CTX_get0_certificate((*context)->native_handle());
  if (certificate == nullptr) return std::nullopt;
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> now(ASN1_TIME_set(nullptr, static_cast<time_t>(now_s)),
                                                                  &ASN1_TIME_free);
  constexpr std::int64_t kDaySeconds = 24 * 3600;
  int days = 0, seconds = 0;
  ASN1_TIME_diff(&days, &seconds, now.get(), X509_get0_notAfter(certificate));
  return days * kDaySeconds + seconds;
}

}  // namespace headroom::proxy
