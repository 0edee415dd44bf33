package dev.openmemory.backup;

import dev.openmemory.backup.prune.RetentionPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a backup says about itself: {@code manifest.json}, written last. The published schema is
 * {@code docs/manifest.schema.json}.
 *
 * <p>Each level keeps, in {@code other}, the members that this version does not know; they survive
 * being read and written again.
 *
 * @param formatVersion {@code major.minor}; a reader refuses a newer major and accepts any minor
 * @param name of the backup
 * @param tool that wrote it
 * @param installationId the same for all backups of one installation
 * @param captured the instant that the contents show
 * @param quiesce how writers were held meanwhile: {@code none}, {@code pause}, {@code stop}
 * @param components what is in it
 * @param files how it is stored, in the order written
 * @param warnings raised while it was made
 * @param tags that were given to it; see {@link RetentionPolicy}
 * @param encryption how its files are encrypted, if they are
 * @param other unknown members
 */
public record Manifest(
    String formatVersion,
    String name,
    Tool tool,
    String installationId,
    Captured captured,
    String quiesce,
    List<Component> components,
    List<StoredFile> files,
    List<Warning> warnings,
    Set<String> tags,
    Optional<Encryption> encryption,
    Map<String, Object> other) {

  /** The object that holds it. */
  public static final String FILE_NAME = "manifest.json";

  /** The object with its signature, if it has one. */
  public static final String SIGNATURE_FILE_NAME = FILE_NAME + ".sig";

  /** The version that this library writes. */
  public static final String CURRENT_FORMAT = "1.0";

  /** Copies the lists. */
  public Manifest {
    components = List.copyOf(components);
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
    tags = Set.copyOf(tags);
    other = Map.copyOf(other);
  }

  /**
   * How the files are encrypted.
   *
   * @param scheme the codec that encrypts: {@code age}
   * @param recipients the public keys; empty when it is a passphrase
   */
  public record Encryption(String scheme, List<String> recipients) {
    /** The object that holds everything that only the owner of a key may know, without suffix. */
    public static final String DETAILS = "details.json";

    /** Copies the list. */
    public Encryption {
      recipients = List.copyOf(recipients);
    }
  }

  /** A program and its version. */
  public record Tool(String name, String version) {}

  /** From the last moment before the capture to the first after it; UTC. */
  public record Captured(Instant start, Instant end) {}

  /**
   * One part of the installation.
   *
   * @param component {@link #DATABASE}, {@link #CONFIG}, {@link #VECTORS} or a name of its own
   * @param type of the source that captured it
   * @param files plain names, see {@link StoredFile#plainName}
   */
  public record Component(
      String component, String type, List<String> files, Facts facts, Map<String, Object> other) {
    /** The component of the memories: {@code database}. */
    public static final String DATABASE = "database";

    /** The component of the settings: {@code config}. */
    public static final String CONFIG = "config";

    /** The component of Qdrant's data: {@code vectors}. */
    public static final String VECTORS = "vectors";

    /** Copies the list. */
    public Component {
      files = List.copyOf(files);
      other = Map.copyOf(other);
    }
  }

  /**
   * One object of the backup.
   *
   * @param name in the backup's folder: {@code qdrant-storage.tar.gz}
   * @param plainName without what the codecs added: {@code qdrant-storage.tar}
   * @param mediaType of the plain bytes
   * @param codecs applied in this order when writing: {@code gzip}; empty when stored plain
   */
  public record StoredFile(
      String name,
      String plainName,
      String mediaType,
      List<String> codecs,
      Digest plain,
      Digest stored,
      Map<String, Object> other) {
    /** Copies the list. */
    public StoredFile {
      codecs = List.copyOf(codecs);
      other = Map.copyOf(other);
    }
  }

  /**
   * Size and digest of some bytes.
   *
   * @param size in bytes
   * @param sha256 in lower-case hex
   */
  public record Digest(long size, String sha256) {
    /** Of plain bytes that are encrypted, without their details. */
    public static final Digest UNKNOWN = new Digest(-1, "");

    /** Whether it is stated. */
    public boolean isKnown() {
      return size >= 0;
    }
  }

  /** Whether it is encrypted and only what is known without a key is in it. */
  public boolean isSealed() {
    return encryption.isPresent() && files.stream().anyMatch(file -> !file.plain().isKnown());
  }

  /** The same with these files. */
  public Manifest withFiles(List<StoredFile> changed) {
    return new Manifest(
        formatVersion,
        name,
        tool,
        installationId,
        captured,
        quiesce,
        components,
        changed,
        warnings,
        tags,
        encryption,
        other);
  }

  /** The same with these warnings. */
  public Manifest withWarnings(List<Warning> changed) {
    return new Manifest(
        formatVersion,
        name,
        tool,
        installationId,
        captured,
        quiesce,
        components,
        files,
        changed,
        tags,
        encryption,
        other);
  }

  /** The component of that name. */
  public Optional<Component> component(String name) {
    return components.stream().filter(c -> c.component().equals(name)).findFirst();
  }

  /** The bytes that all files take in the target, without this manifest. */
  public long storedBytes() {
    return files.stream().mapToLong(f -> f.stored().size()).sum();
  }
}
