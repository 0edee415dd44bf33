package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.DirectoryTree;
import dev.openmemory.backup.internal.archive.TarWriter;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The storage as it was scanned; its archive is written straight from the files and fails when one
 * has changed since.
 */
record StorageCapture(DirectoryTree tree, Map<String, Object> origin, Cancellation cancellation)
    implements Capture, Content {

  @Override
  public List<CapturedFile> files() {
    return List.of(new CapturedFile(StorageArchive.NAME, "application/x-tar", true, this));
  }

  @Override
  public Facts facts() {
    return StorageLayout.facts(StorageLayout.collections(tree.files()), tree.summary(), origin);
  }

  @Override
  public boolean detached() {
    return false;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    TarWriter.write(tree, out, cancellation);
  }

  /** Qdrant writes through memory maps, which may change bytes without changing times. */
  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public OptionalLong sizeHint() {
    return OptionalLong.of(TarWriter.estimate(tree));
  }

  /** Nothing was made that needs to go. */
  @Override
  public void close() {}
}
