package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.process.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hidden name of a file that is being written, which no object can have. It names the writer
 * and the content that has begun, so that another run may continue it.
 *
 * @param id unique among the owner's
 * @param digest of all bytes to come; empty when no run can continue it
 */
public record PartialName(Owner owner, String id, Optional<Digest> digest) {
  private static final Pattern TEXT =
      Pattern.compile(
          "\\.openmemory-backup-([0-9a-z_]{1,128})-([0-9a-f]{12})"
              + "(?:-([0-9]{1,18})-([0-9a-f]{64}))?\\.part");

  /** How long a beginning is kept for a run that continues it, and a foreign host's file at all. */
  private static final Duration KEPT = Duration.ofDays(7);

  public static PartialName create(Owner owner, Optional<Digest> digest) {
    byte[] id = new byte[6];
    ThreadLocalRandom.current().nextBytes(id);
    return new PartialName(owner, HexFormat.of().formatHex(id), digest);
  }

  public static Optional<PartialName> parse(String fileName) {
    Matcher parts = TEXT.matcher(fileName);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String size = parts.group(3);
    Optional<Digest> digest =
        size == null
            ? Optional.empty()
            : Optional.of(new Digest(Long.parseLong(size), parts.group(4)));
    return Owner.fromText(parts.group(1))
        .map(owner -> new PartialName(owner, parts.group(2), digest));
  }

  /** The same file, as one that no run continues. */
  public PartialName withoutDigest() {
    return new PartialName(owner, id, Optional.empty());
  }

  /**
   * Whether its writer has ended, as far as is known from here. A failed write of this process may
   * leave one while the process still runs.
   */
  public boolean isAbandoned() {
    return !ActivePartials.isLive(this) && (owner.isThisProcess() || isKnownToHaveEnded());
  }

  private boolean isKnownToHaveEnded() {
    return owner.isKnown() && owner.hasEnded();
  }

  /** Whether it can be removed: no process writes it, and none is expected to continue it. */
  public boolean isRemovable(Instant modified, Instant now) {
    Instant last = modified.isAfter(owner.since()) ? modified : owner.since();
    boolean old = last.plus(KEPT).isBefore(now);
    if (isAbandoned()) {
      return digest.isEmpty() || old;
    }
    return !owner.isKnown() && old;
  }

  @Override
  public String toString() {
    String continued = digest.map(d -> "-" + d.size() + "-" + d.sha256()).orElse("");
    return ".openmemory-backup-" + owner.toText() + "-" + id + continued + ".part";
  }
}
