#include "base/sha256.h"

#include <array>

#include <openssl/evp.h>

#include "base/hash.h"

namespace headroom::base {
namespace {

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

}  // namespace

struct Sha256::State {
  Context context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size());
  bytes_ += bytes.size();
}

std::string Sha256::hex() const {
  const Context copy(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_MD_CTX_copy_ex(copy.get(), state_->context.get());
  EVP_DigestFinal_ex(copy.get(), digest.data(), &size);
  return base::hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace headroom::base
