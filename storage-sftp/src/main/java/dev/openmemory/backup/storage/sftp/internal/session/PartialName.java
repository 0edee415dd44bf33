package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.process.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hidden name of a file that is being written, which no object can have. It names the writer
 * and the content that has begun, so that another run may continue it.
 *
 * <p>At most 100 bytes, as some file systems that encrypt names have no longer ones than 143.
 *
 * @param id unique among the owner's
 * @param content what tells the bytes to come from most others; empty when no run can continue it
 */
public record PartialName(Owner owner, String id, Optional<String> content) {
  private static final Pattern TEXT =
      Pattern.compile(
          "\\.openmemory-backup-([0-9a-z_]{1,62})-([0-9a-z]{5})(?:-([0-9a-z]{7}))?\\.part");

  private static final int RADIX = 36;
  private static final int ID_DIGITS = 5;
  private static final int CONTENT_DIGITS = 7;
  private static final AtomicLong NEXT = new AtomicLong(ThreadLocalRandom.current().nextInt());

  /** How long a beginning is kept for a run that continues it, and a foreign host's file at all. */
  private static final Duration KEPT = Duration.ofDays(7);

  public static PartialName create(Owner owner, Optional<Digest> digest) {
    return new PartialName(
        owner, digits(NEXT.getAndIncrement(), ID_DIGITS), digest.map(PartialName::contentOf));
  }

  /** What a name says of bytes with that digest; a run that continues them checks all of it. */
  public static String contentOf(Digest digest) {
    return digits(Long.parseUnsignedLong(digest.sha256().substring(0, 16), 16), CONTENT_DIGITS);
  }

  private static String digits(long number, int count) {
    String text = Long.toUnsignedString(number, RADIX);
    return text.length() >= count
        ? text.substring(text.length() - count)
        : "0".repeat(count - text.length()) + text;
  }

  public static Optional<PartialName> parse(String fileName) {
    Matcher parts = TEXT.matcher(fileName);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Optional<String> content = Optional.ofNullable(parts.group(3));
    return Owner.fromText(parts.group(1))
        .map(owner -> new PartialName(owner, parts.group(2), content));
  }

  /** The same file, as one that no run continues. */
  public PartialName withoutContent() {
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
      return content.isEmpty() || old;
    }
    return !owner.isKnown() && old;
  }

  @Override
  public String toString() {
    String continued = content.map(c -> "-" + c).orElse("");
    return ".openmemory-backup-" + owner.toText() + "-" + id + continued + ".part";
  }
}
