package dev.openmemory.backup.testkit.qdrant;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers requests for snapshots. */
record DoubleSnapshotRoutes(DoubleStore store, DoubleSnapshots snapshots, DoubleRestore restore) {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)(,.*)?");

  /** What is wrong with an upload before its body is read, if anything. */
  static void checkUpload(DoubleRequest request) throws DoubleAnswer {
    if (request.path().get(1).contains("/")) {
      throw DoubleAnswer.error(
          422,
          "Validation error in path parameters: [collection_name: collection name cannot contain"
              + " \"/\" char]");
    }
    if (!request.query("checksum", "0".repeat(64)).matches("[0-9a-fA-F]{64}")) {
      throw DoubleAnswer.error(
          422,
          "Validation error in query parameters: [checksum: Validation error:"
              + " invalid_sha256_hash]");
    }
    if (!Set.of("no_sync", "snapshot", "replica").contains(request.query("priority", "snapshot"))) {
      throw DoubleAnswer.error(
          400, "Deserialize error in query parameters: unknown variant, expected one of ...");
    }
  }

  DoubleAnswer answer(String shape, String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    return switch (shape) {
      case "GET /collections/{c}/snapshots" -> {
        store.get(name);
        yield DoubleAnswer.result(snapshots.list(store.target(name)));
      }
      case "POST /collections/{c}/snapshots" -> createSnapshot(name, request);
      case "GET /collections/{c}/snapshots/{s}" -> download(name, request);
      case "DELETE /collections/{c}/snapshots/{s}" -> deleteSnapshot(name, request);
      default -> DoubleAnswer.text(404, "", "");
    };
  }

  private DoubleAnswer createSnapshot(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    boolean wait = request.query("wait", "true").equals("true");
    if (!wait && store.find(name) == null) {
      return DoubleAnswer.accepted();
    }
    Object made = snapshots.create(store.target(name), store.get(name));
    return wait ? DoubleAnswer.result(made) : DoubleAnswer.accepted();
  }

  private DoubleAnswer deleteSnapshot(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    store.get(name);
    String snapshot = request.path().get(3);
    if (!snapshots.delete(store.target(name), snapshot)) {
      throw DoubleAnswer.error(404, "Not found: Snapshot " + snapshot + " not found");
    }
    return request.query("wait", "true").equals("true")
        ? DoubleAnswer.result(true)
        : DoubleAnswer.accepted();
  }

  private DoubleAnswer download(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    if (store.find(name) == null) {
      throw DoubleAnswer.plain(404, "Not found: Collection `" + name + "` doesn't exist!");
    }
    String snapshot = request.path().get(3);
    Path file = snapshots.find(store.target(name), snapshot);
    if (file == null) {
      throw DoubleAnswer.plain(404, "Not found: Snapshot " + snapshot + " not found");
    }
    return described(part(file, request), file);
  }

  private static DoubleAnswer described(DoubleAnswer answer, Path file) throws IOException {
    return answer
        .with("content-disposition", "attachment; filename=\"" + file.getFileName() + "\"")
        .with("etag", tag(file))
        .with("accept-ranges", "bytes");
  }

  private static String tag(Path file) throws IOException {
    Object inode = Files.getAttribute(file, "unix:ino");
    return String.format(
        Locale.ROOT,
        "\"%s:%x:%x\"",
        inode,
        Files.size(file),
        Files.getLastModifiedTime(file).toMillis());
  }

  private static DoubleAnswer part(Path file, DoubleRequest request) throws IOException {
    long size = Files.size(file);
    String match = request.header("if-match");
    if (!match.isEmpty() && !match.equals(tag(file))) {
      return DoubleAnswer.text(412, "application/octet-stream", "");
    }
    Matcher range = RANGE.matcher(request.header("range"));
    if (!range.matches()) {
      return DoubleAnswer.file(200, file, 0, size);
    }
    boolean suffix = range.group(1).isEmpty();
    long start =
        suffix
            ? Math.max(0, size - Long.parseLong(range.group(2)))
            : Long.parseLong(range.group(1));
    long end =
        suffix || range.group(2).isEmpty()
            ? size
            : Math.min(size, Long.parseLong(range.group(2)) + 1);
    if (start >= size) {
      return DoubleAnswer.text(416, "application/octet-stream", "")
          .with("content-range", "bytes */" + size);
    }
    return DoubleAnswer.file(end - start == size ? 200 : 206, file, start, end - start)
        .with("content-range", "bytes " + start + "-" + (end - 1) + "/" + size);
  }

  DoubleAnswer upload(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    DoubleUpload upload = DoubleUpload.read(request, snapshots);
    String wanted = request.query("checksum", "").toLowerCase(Locale.ROOT);
    String digest = DoubleSnapshots.digest(upload.spooled());
    if (!wanted.isEmpty() && !wanted.equals(digest)) {
      Files.delete(upload.spooled());
      // The two words are the wrong way round in the original.
      throw DoubleAnswer.error(400, "Checksum mismatch: expected " + digest + ", actual " + wanted);
    }
    // By the name in the path, also when that is an alias.
    Path kept = snapshots.keep(name, upload.name(), upload.spooled());
    restore.restore(target(name), kept);
    return waited(request);
  }

  DoubleAnswer recover(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    if (!(body.get("location") instanceof String location)) {
      throw DoubleAnswer.error(400, "Format error in JSON body: missing field `location`");
    }
    if (!location.matches("[a-z]+:.*")) {
      throw DoubleAnswer.error(
          400, "Format error in JSON body: relative URL without a base: \"" + location + "\"");
    }
    Path file = local(location);
    Object checksum = body.get("checksum");
    String digest = DoubleSnapshots.digest(file);
    if (checksum != null && !checksum.toString().equalsIgnoreCase(digest)) {
      throw DoubleAnswer.error(
          400, "Wrong input: Snapshot checksum mismatch: expected " + checksum + ", got " + digest);
    }
    restore.restore(target(name), file);
    return waited(request);
  }

  private Path local(String location) throws DoubleAnswer {
    if (!location.startsWith("file:///")) {
      throw DoubleAnswer.error(
          403, "Forbidden: Snapshot recovery from remote URLs is disabled in the configuration");
    }
    Path file = Path.of(URI.create(location).getPath()).normalize();
    if (!file.startsWith(snapshots.directory().toAbsolutePath().normalize())) {
      throw DoubleAnswer.error(
          403,
          "Forbidden: Snapshot file path must be inside the snapshots directory \""
              + snapshots.directory()
              + "\"");
    }
    if (!Files.exists(file)) {
      throw DoubleAnswer.error(400, "Bad request: Snapshot file \"" + file + "\" does not exist");
    }
    return file;
  }

  private String target(String name) {
    synchronized (store) {
      return store.target(name);
    }
  }

  private static DoubleAnswer waited(DoubleRequest request) {
    return request.query("wait", "true").equals("true")
        ? DoubleAnswer.result(true)
        : DoubleAnswer.accepted();
  }
}
