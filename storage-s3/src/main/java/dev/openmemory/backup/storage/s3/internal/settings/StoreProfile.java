package dev.openmemory.backup.storage.s3.internal.settings;

import dev.openmemory.backup.internal.text.UriHost;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * In what the stores differ that matters here and cannot be tried out before it is too late, by the
 * host of their endpoint. {@code docs/targets/s3.md} says what of this was tried and what only
 * read.
 */
public enum StoreProfile {
  /** Also every endpoint of Amazon's that is named explicitly. */
  AWS("amazonaws.com", 10_000, true, true),
  /** Refuses to complete an upload if its parts, except the last, differ in size. */
  CLOUDFLARE_R2("r2.cloudflarestorage.com", 10_000, false, false),
  /** Takes 1,000 parts. */
  SCALEWAY("scw.cloud", 1_000, true, false),
  OTHER("", 10_000, true, false);

  /** Part size and count that an upload may have; see {@link PartPlan}. */
  final int maxParts;

  final boolean growingParts;

  /** Whether it checks CRC32 of parts and of the whole. */
  final boolean checksums;

  private final String domain;

  StoreProfile(String domain, int maxParts, boolean growingParts, boolean checksums) {
    this.domain = domain;
    this.maxParts = maxParts;
    this.growingParts = growingParts;
    this.checksums = checksums;
  }

  /** The store at the endpoint; Amazon's own when there is none. */
  static StoreProfile of(@Nullable URI endpoint) {
    if (endpoint == null) {
      return AWS;
    }
    String host = UriHost.of(endpoint).orElse("").toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(store -> store != OTHER)
        .filter(store -> host.equals(store.domain) || host.endsWith("." + store.domain))
        .findFirst()
        .orElse(OTHER);
  }
}
