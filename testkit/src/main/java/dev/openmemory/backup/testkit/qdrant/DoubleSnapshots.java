package dev.openmemory.backup.testkit.qdrant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directory of snapshots: one folder for each collection. */
final class DoubleSnapshots {
  private static final DateTimeFormatter IN_NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter IN_LIST =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String CHECKSUM = ".checksum";

  private final Path directory;
  private volatile Clock clock = Clock.systemUTC();
  private volatile @Nullable Path recorded;

  DoubleSnapshots(Path directory) {
    this.directory = directory;
  }

  void clock(Clock other) {
    clock = other;
  }

  Instant now() {
    return clock.instant();
  }

  Path directory() {
    return directory;
  }

  /** New ones have the bytes of that file. */
  void are(Path file) {
    recorded = file;
  }

  /** Writes one; another of the same second is replaced. */
  Map<String, @Nullable Object> create(String collection, DoubleCollection contents)
      throws IOException {
    Instant now = now();
    Path file = folder(collection).resolve(collection + "-1-" + IN_NAME.format(now) + ".snapshot");
    Path instead = recorded;
    byte[] bytes =
        instead == null ? DoubleTar.write(contents.files()) : Files.readAllBytes(instead);
    Files.write(file, bytes);
    Files.write(
        checksumOf(file),
        HexFormat.of().formatHex(sha256().digest(bytes)).getBytes(StandardCharsets.UTF_8));
    Files.setLastModifiedTime(file, FileTime.from(now.truncatedTo(ChronoUnit.SECONDS)));
    return describe(file);
  }

  List<Object> list(String collection) throws IOException {
    List<Object> list = new ArrayList<>();
    for (Path file : DoubleStore.children(folder(collection))) {
      if (file.toString().endsWith(".snapshot")) {
        list.add(describe(file));
      }
    }
    return list;
  }

  private Map<String, @Nullable Object> describe(Path file) throws IOException {
    Map<String, @Nullable Object> description = new LinkedHashMap<>();
    description.put("name", file.getFileName().toString());
    description.put("creation_time", IN_LIST.format(Files.getLastModifiedTime(file).toInstant()));
    description.put("size", Files.size(file));
    if (Files.exists(checksumOf(file))) {
      description.put("checksum", Files.readString(checksumOf(file)));
    }
    return description;
  }

  @Nullable Path find(String collection, String name) throws IOException {
    Path file = folder(collection).resolve(name).normalize();
    return folder(collection).equals(file.getParent()) && Files.isRegularFile(file) ? file : null;
  }

  boolean delete(String collection, String name) throws IOException {
    Path file = find(collection, name);
    if (file == null) {
      return false;
    }
    Files.delete(file);
    Files.deleteIfExists(checksumOf(file));
    return true;
  }

  /** An empty file beside the folders, for an upload that is coming in. */
  Path spool() throws IOException {
    return Files.createTempFile(Files.createDirectories(directory.resolve("tmp")), "upload", "");
  }

  /** Keeps an upload under the name that the client gave; one of that name is replaced. */
  Path keep(String collection, String name, Path spooled) throws IOException {
    return Files.move(
        spooled, folder(collection).resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path folder(String collection) throws IOException {
    return Files.createDirectories(directory.resolve(collection).normalize());
  }

  private static Path checksumOf(Path file) {
    return file.resolveSibling(file.getFileName() + CHECKSUM);
  }

  static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file);
        OutputStream nowhere = OutputStream.nullOutputStream()) {
      new DigestInputStream(in, digest).transferTo(nowhere);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
