package dev.openmemory.backup.docker.internal.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The directory {@code /data} of the stopped container {@code store}, with the archive calls as
 * Podman 4.3 answers them: the content of a directory has no entry of the directory itself, so that
 * of an empty one is an end marker and nothing else.
 */
public final class PodmanDirectory {
  private static final String ARCHIVE = "/containers/store/archive";
  private static final byte[] END_MARKER = new byte[1024];

  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
  private final Map<String, Instant> times = new ConcurrentHashMap<>();
  private final EngineDouble engine;

  private PodmanDirectory(EngineDouble engine) {
    this.engine = engine;
  }

  /** Makes the engine answer so. */
  public static PodmanDirectory in(EngineDouble engine) {
    PodmanDirectory directory = new PodmanDirectory(engine);
    engine.has("store", "exited");
    engine.handle("GET " + ARCHIVE, directory::get);
    engine.handle("PUT " + ARCHIVE, directory::put);
    return directory;
  }

  /** Adds a file, or replaces it, as at that time. */
  public void write(String name, String text, Instant time) {
    files.put(name, text(text));
    times.put(name, time);
  }

  /** What is in it, by name. */
  public Map<String, byte[]> files() {
    return files;
  }

  /** From now on the given answer comes in place of the content, until {@link #mend}. */
  public void breakReading(EngineDouble.Answer answer) {
    engine.handle(
        "GET " + ARCHIVE,
        (request, out) -> {
          if (request.query().endsWith("/.")) {
            answer.write(out);
          } else {
            get(request, out);
          }
        });
  }

  /** The engine takes no archives any more. */
  public void refuseWriting() {
    engine.handle(
        "PUT " + ARCHIVE,
        (request, out) -> {
          if (request.query().contains("path=/data")) {
            EngineDouble.json(500, "{\"message\":\"input/output error\"}").write(out);
          } else {
            put(request, out);
          }
        });
  }

  /** It answers again. */
  public void mend() {
    engine.handle("GET " + ARCHIVE, this::get);
    engine.handle("PUT " + ARCHIVE, this::put);
  }

  private void get(EngineDouble.Request request, OutputStream out) throws IOException {
    boolean content = request.query().endsWith("/.");
    String name = request.query().replaceFirst(".*path=/data/?", "");
    if (!content && !name.isEmpty()) {
      file(name, out);
      return;
    }
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    if (!content) {
      tar.write(SingleEntryTar.directory("data", new TarArchiveEntry("data/")).readAllBytes());
    } else if (files.isEmpty()) {
      tar.write(END_MARKER);
    } else {
      write(tar);
    }
    EngineDouble.head(out, 200, "application/x-tar", "Content-Length: " + tar.size());
    tar.writeTo(out);
  }

  private void file(String name, OutputStream out) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      EngineDouble.json(404, "{\"message\":\"no such file\"}").write(out);
      return;
    }
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (TarArchiveOutputStream archive = new TarArchiveOutputStream(tar)) {
      add(archive, name, bytes);
    }
    EngineDouble.head(out, 200, "application/x-tar", "Content-Length: " + tar.size());
    tar.writeTo(out);
  }

  private void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    entry.setModTime(FileTime.from(times.getOrDefault(name, Instant.EPOCH)));
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private void write(OutputStream out) throws IOException {
    Set<String> directories = new HashSet<>();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        String name = file.getKey();
        for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
          if (directories.add(name.substring(0, end))) {
            tar.putArchiveEntry(new TarArchiveEntry(name.substring(0, end + 1)));
            tar.closeArchiveEntry();
          }
        }
        add(tar, name, file.getValue());
      }
    }
  }

  private void put(EngineDouble.Request request, OutputStream out) throws IOException {
    boolean inside = request.query().contains("path=/data");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(request.body()))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (inside && entry.isFile()) {
          String name = entry.getName().replaceFirst("^\\./", "");
          files.put(name, tar.readAllBytes());
          times.put(name, entry.getLastModifiedTime().toInstant());
        } else if (!inside && entry.isFile()) {
          files.clear();
        }
      }
    }
    EngineDouble.json(200, "").write(out);
  }

  /** For comparisons. */
  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
