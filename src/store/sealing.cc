#include "store/sealing.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::store {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kProof = "headroom";
constexpr std::string_view kAbout = "sealing";
constexpr std::size_t kCountBytes = 4;

constexpr const char* kHasContent =
    "SELECT EXISTS(SELECT 1 FROM originals) + EXISTS(SELECT 1 FROM decisions) + EXISTS(SELECT 1 FROM revisions)";

/// The proof in the file; empty where it is not sealed.
Result<std::string> proof_in(Connection& connection) {
  auto statement = connection.prepare("SELECT proof FROM sealing WHERE id = 1");
  if (!statement) return std::unexpected(statement.error());
  Query query(*statement);
  auto row = query.step();
  if (!row) return std::unexpected(row.error());
  return *row ? std::string(query.blob_at(0)) : std::string();
}

Result<void> begin_sealing(Connection& connection, const Cipher& cipher) {
  const auto content = connection.number(kHasContent);
  if (!content) return std::unexpected(content.error());
  if (*content != 0) {
    return base::fail(ErrorCode::kInvalidArgument,
                      fmt::format("{} holds what is not encrypted: delete it (headroom purge --everything) or give "
                                  "another workspace, before you give a key",
                                  connection.path()));
  }
  const auto proof = cipher.seal(kProof, kAbout);
  if (!proof) return std::unexpected(proof.error());
  auto statement = connection.prepare("INSERT INTO sealing(id, proof) VALUES(1, ?1)");
  if (!statement) return std::unexpected(statement.error());
  return Query(*statement).bind_blob(*proof).run();
}

/// What looks like an ID: 24 hex digits at the beginning or the end of a run of such.
std::set<std::string_view> ids_in(std::string_view value) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  std::set<std::string_view> ids;
  for (std::size_t at = 0; at < value.size();) {
    std::size_t end = at;
    while (end < value.size() && is_digit(value[end])) ++end;
    if (end - at >= base::kContentIdLength) {
      ids.insert(value.substr(at, base::kContentIdLength));
      ids.insert(value.substr(end - base::kContentIdLength, base::kContentIdLength));
    }
    at = std::max(end, at + 1);
  }
  return ids;
}

}  // namespace

Result<void> check_sealing(Connection& connection, const Sealing& sealing) {
  if (sealing.blind) return {};
  {
    // Nearly always this settles it, without a lock.
    const auto proof = proof_in(connection);
    if (!proof) return std::unexpected(proof.error());
    if (proof->empty() && sealing.cipher == nullptr) return {};
  }
  auto transaction = Transaction::begin(connection);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  const auto proof = proof_in(connection);
  if (!proof) return std::unexpected(proof.error());
  if (sealing.cipher == nullptr) {
    if (proof->empty()) return {};
    return base::fail(ErrorCode::kInvalidArgument,
                      fmt::format("{} is encrypted: give its key with --store-key-file (HEADROOM_STORE_KEY_FILE)",
                                  connection.path()));
  }
  if (proof->empty()) {
    if (auto begun = begin_sealing(connection, *sealing.cipher); !begun) return begun;
    return transaction->commit();
  }
  if (const auto opened = sealing.cipher->open(*proof, kAbout); opened && *opened == kProof) return {};
  return base::fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} is encrypted with another key than that of --store-key-file: give that one, or "
                                "delete what nobody can read any more (headroom purge --everything)",
                                connection.path()));
}

Result<void> forget_sealing(Connection& connection) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  const auto content = connection.number(kHasContent);
  if (!content) return std::unexpected(content.error());
  if (*content != 0) return {};
  if (auto done = connection.execute("DELETE FROM sealing"); !done) return done;
  return transaction->commit();
}

Result<std::string> seal_value(Packer& packer, const Sealing& sealing, std::string_view value, std::string_view about) {
  std::string packed = packer.pack(value);
  if (sealing.cipher == nullptr && !is_packed(packed)) return packed;
  auto sealed =
      sealing.cipher == nullptr ? Result<std::string>(std::move(packed)) : sealing.cipher->seal(packed, about);
  if (!sealed) return sealed;
  const auto ids = ids_in(value);
  for (const std::string_view id : ids) *sealed += id;
  for (std::size_t i = 0; i < kCountBytes; ++i) *sealed += static_cast<char>(ids.size() >> (8 * i) & 0xff);
  // What is full of hashes is larger with all that look like IDs behind it.
  if (sealing.cipher == nullptr && sealed->size() >= value.size() && !is_packed(value)) return std::string(value);
  return sealed;
}

Result<std::string> open_value(const Sealing& sealing, std::string_view sealed, std::string_view about) {
  if (sealing.cipher == nullptr && !is_packed(sealed)) return std::string(sealed);
  std::size_t count = 0;
  for (std::size_t i = 0; sealed.size() >= kCountBytes && i < kCountBytes; ++i) {
    count |= std::size_t{static_cast<unsigned char>(sealed[sealed.size() - kCountBytes + i])} << (8 * i);
  }
  const std::size_t tail = kCountBytes + count * base::kContentIdLength;
  sealed.remove_suffix(std::min(tail, sealed.size()));
  if (sealing.cipher == nullptr) return unpack(sealed);
  const auto packed = sealing.cipher->open(sealed, about);
  if (!packed) return packed;
  return unpack(*packed);
}

}  // namespace headroom::store
