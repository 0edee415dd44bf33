package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;

/**
 * A directory as it was scanned; its tar is written straight from the files and fails when one has
 * changed since.
 *
 * @param name of the tar
 */
public record TreeCapture(DirectoryTree tree, String name, Facts facts, Cancellation cancellation)
    implements Capture, Content {

  @Override
  public List<CapturedFile> files() {
    return List.of(new CapturedFile(name, "application/x-tar", true, this));
  }

  @Override
  public boolean detached() {
    return false;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    TarWriter.write(tree, out, cancellation);
  }

  /** A program that writes through memory maps may change bytes without changing times. */
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
