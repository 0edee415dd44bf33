package dev.openmemory.backup.storage.s3.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.ProviderOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each object gets that is written.
 *
 * @param encryption by the store: {@code AES256}, {@code aws:kms} or {@code aws:kms:dsse}
 * @param kmsKey id or ARN of the key
 * @param tags in the form of a query
 */
public record ObjectSettings(
    @Nullable String encryption,
    @Nullable String kmsKey,
    @Nullable String storageClass,
    @Nullable ObjectLock lock,
    @Nullable String tags) {

  private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

  /**
   * Until when an object may not be deleted.
   *
   * @param mode {@code GOVERNANCE} or {@code COMPLIANCE}
   * @param until fixed; null when {@code length} says
   * @param length from the moment of the write
   */
  record ObjectLock(String mode, @Nullable Instant until, @Nullable Duration length) {
    private Instant until(Instant now) {
      return until != null ? until : now.plus(Objects.requireNonNull(length));
    }
  }

  public @Nullable String lockMode() {
    return lock == null ? null : lock.mode();
  }

  public @Nullable Instant lockedUntil(Instant now) {
    return lock == null ? null : lock.until(now);
  }

  static ObjectSettings of(ProviderOptions options) throws BackupException {
    String kmsKey = options.text("sse-kms-key").orElse(null);
    String encryption = options.text("sse").orElse(kmsKey == null ? null : "aws:kms");
    if (encryption != null && !encryption.matches("AES256|aws:kms|aws:kms:dsse")) {
      throw invalid("'sse' is neither AES256 nor aws:kms nor aws:kms:dsse: " + encryption);
    }
    if (kmsKey != null && "AES256".equals(encryption)) {
      throw invalid("'sse-kms-key' needs 'sse' to be aws:kms or aws:kms:dsse");
    }
    if (encryption != null && options.text("sse-c-key-file").isPresent()) {
      throw invalid("'sse' and 'sse-c-key-file' exclude each other");
    }
    Optional<String> storageClass = options.text("storage-class");
    if (storageClass.filter(s -> !s.matches("[A-Z][A-Z0-9_-]*")).isPresent()) {
      throw invalid("'storage-class' is not a name such as STANDARD_IA: " + storageClass.get());
    }
    if (storageClass.filter(ARCHIVES::contains).isPresent()) {
      throw Kind.UNSUPPORTED.failure(
          "options of s3",
          "",
          "'storage-class' is one that cannot be read at once, which every list does: "
              + storageClass.get());
    }
    return new ObjectSettings(
        encryption, kmsKey, storageClass.orElse(null), lock(options), tags(options));
  }

  private static @Nullable ObjectLock lock(ProviderOptions options) throws BackupException {
    String mode = options.text("object-lock-mode").orElse(null);
    String until = options.text("object-lock-until").orElse(null);
    boolean hasLength = options.text("object-lock-for").isPresent();
    if (mode == null && until == null && !hasLength) {
      return null;
    }
    if (mode == null || (until == null) == !hasLength) {
      throw invalid(
          "an object lock needs 'object-lock-mode' and one of 'object-lock-until' and"
              + " 'object-lock-for'");
    }
    if (!mode.matches("GOVERNANCE|COMPLIANCE")) {
      throw invalid("'object-lock-mode' is neither GOVERNANCE nor COMPLIANCE: " + mode);
    }
    return until != null
        ? new ObjectLock(mode, instant(until), null)
        : new ObjectLock(mode, null, length(options));
  }

  private static Duration length(ProviderOptions options) throws BackupException {
    Duration length = options.duration("object-lock-for", Duration.ZERO);
    if (length.isNegative() || length.isZero()) {
      throw invalid("'object-lock-for' is not positive: " + length);
    }
    return length;
  }

  private static Instant instant(String text) throws BackupException {
    try {
      return text.length() > 10
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw invalid(
          "'object-lock-until' is neither a date nor a time such as 2030-01-01T00:00:00Z: " + text);
    }
  }

  private static @Nullable String tags(ProviderOptions options) throws BackupException {
    String text = options.text("tags").orElse(null);
    if (text == null) {
      return null;
    }
    Map<String, String> tags = new LinkedHashMap<>();
    for (String tag : text.split(",", -1)) {
      String[] pair = tag.split("=", 2);
      if (pair.length < 2 || pair[0].isBlank() || tags.put(pair[0].strip(), pair[1]) != null) {
        throw invalid("'tags' is not like team=a,env=b: " + text);
      }
    }
    return tags.entrySet().stream()
        .map(tag -> encode(tag.getKey()) + "=" + encode(tag.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static BackupException invalid(String fact) {
    return Kind.INVALID.failure("options of s3", "", fact);
  }
}
