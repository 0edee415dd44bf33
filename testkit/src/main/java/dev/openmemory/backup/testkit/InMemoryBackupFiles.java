package dev.openmemory.backup.testkit;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The files of a backup on the heap, for tests; checked at their ends as those of a store are. */
public final class InMemoryBackupFiles implements BackupFiles {
  private final Map<String, byte[]> stated;
  private final Map<String, byte[]> stored;
  private final boolean manifest;

  private InMemoryBackupFiles(
      Map<String, byte[]> stated, Map<String, byte[]> stored, boolean manifest) {
    this.stated = stated;
    this.stored = stored;
    this.manifest = manifest;
  }

  /** Files of these plain bytes. */
  public static InMemoryBackupFiles of(Map<String, byte[]> files) {
    return new InMemoryBackupFiles(new TreeMap<>(files), new TreeMap<>(files), true);
  }

  /** The files of a capture, each written once; the capture stays open. */
  public static InMemoryBackupFiles of(Capture capture) throws IOException {
    capture.check();
    Map<String, byte[]> files = new TreeMap<>();
    for (CapturedFile file : capture.files()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      file.content().writeTo(bytes);
      files.put(file.name(), bytes.toByteArray());
    }
    return of(files);
  }

  /** These files with one of them spoilt in the store, which its manifest gives away. */
  public InMemoryBackupFiles damaged(String name, UnaryOperator<byte[]> damage) {
    Map<String, byte[]> spoilt = new TreeMap<>(stored);
    spoilt.put(name, damage.apply(bytes(name)));
    return new InMemoryBackupFiles(stated, spoilt, manifest);
  }

  /** These files as those of a backup without manifest: no sizes, no digests. */
  public InMemoryBackupFiles withoutManifest() {
    return new InMemoryBackupFiles(stated, stored, false);
  }

  /** A copy of the stored bytes of a file. */
  public byte[] bytes(String name) {
    return Optional.ofNullable(stored.get(name))
        .map(byte[]::clone)
        .orElseThrow(() -> new IllegalArgumentException("no file " + name));
  }

  @Override
  public List<String> names() {
    return List.copyOf(stored.keySet());
  }

  @Override
  public OptionalLong plainSize(String name) {
    byte[] bytes = stated.get(name);
    return manifest && bytes != null ? OptionalLong.of(bytes.length) : OptionalLong.empty();
  }

  @Override
  public InputStream open(String name) throws IOException {
    byte[] bytes = stored.get(name);
    if (bytes == null) {
      throw Kind.NOT_FOUND.failure("open", name, "does not exist");
    }
    InputStream in = new ByteArrayInputStream(bytes);
    boolean sound = !manifest || Arrays.equals(bytes, stated.get(name));
    return sound ? in : new DamagedStream(in, name);
  }

  private static final class DamagedStream extends BlockFilterInputStream {
    private final String name;

    DamagedStream(InputStream in, String name) {
      super(in);
      this.name = name;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      if (count < 0) {
        throw Kind.CORRUPT.failure("read", name, "size or digest differs from the manifest");
      }
      return count;
    }
  }
}
