package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/**
 * A file that appears whole or not at all, and never in the place of another. Until then it is
 * beside its place, hidden and private to its owner, and goes with {@link #close}.
 */
public final class NewFile implements Closeable {
  private final String operation;
  private final Path place;
  private final Path partial;
  private final OutputStream stream;

  private NewFile(String operation, Path place, Path partial, OutputStream stream) {
    this.operation = operation;
    this.place = place;
    this.partial = partial;
    this.stream = new ExplainedStream(stream);
  }

  /**
   * Begins the file.
   *
   * @param operation names it in failures
   * @throws BackupException of kind {@code ALREADY_EXISTS} when there is something of that name
   */
  public static NewFile begin(String operation, Path file) throws BackupException {
    Path place = file.toAbsolutePath();
    if (Disk.exists(place)) {
      throw taken(operation, place);
    }
    Path partial = place.resolveSibling("." + place.getFileName() + "-" + UUID.randomUUID());
    try {
      return new NewFile(operation, place, partial, Disk.createPrivateFile(partial));
    } catch (IOException e) {
      throw FileFailure.of(operation, place, e);
    }
  }

  /** Where its bytes go. */
  public OutputStream stream() {
    return stream;
  }

  /** Makes the bytes durable and the file visible. */
  public void publish() throws BackupException {
    try {
      stream.close();
      Disk.force(partial);
      moveIntoPlace();
      Disk.force(Objects.requireNonNull(place.getParent()));
    } catch (FileAlreadyExistsException e) {
      throw taken(operation, place);
    } catch (IOException e) {
      throw FileFailure.of(operation, place, e);
    }
  }

  /** Of several links to one name the file system lets exactly one succeed. */
  private void moveIntoPlace() throws IOException {
    try {
      Files.createLink(place, partial);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // No hard links here, such as on FAT.
      Files.move(partial, place);
    }
  }

  @Override
  public void close() throws BackupException {
    try (stream) {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      throw FileFailure.of(operation, partial, e);
    }
  }

  /** Says what a failure means while the space that the file takes is still taken. */
  private final class ExplainedStream extends BlockOutputStream {
    private final OutputStream below;

    ExplainedStream(OutputStream below) {
      this.below = below;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        below.write(bytes, offset, length);
      } catch (IOException e) {
        throw FileFailure.of(operation, place, e);
      }
    }

    @Override
    public void close() throws IOException {
      below.close();
    }
  }

  private static BackupException taken(String operation, Path place) {
    return Kind.ALREADY_EXISTS.failure(operation, place.toString(), "exists already");
  }
}
