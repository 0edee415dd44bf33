package dev.openmemory.backup.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOperationTest {
  @TempDir Path folder;

  @Test
  void eachFailureOfTheFileSystemHasItsKind() {
    Map<IOException, Kind> kinds =
        Map.ofEntries(
            Map.entry(new NoSuchFileException("f"), Kind.NOT_FOUND),
            Map.entry(new FileAlreadyExistsException("f"), Kind.ALREADY_EXISTS),
            Map.entry(new AccessDeniedException("f"), Kind.DENIED),
            Map.entry(reason("Read-only file system"), Kind.DENIED),
            Map.entry(new NotDirectoryException("f"), Kind.UNSUPPORTED),
            Map.entry(reason("File name too long"), Kind.UNSUPPORTED),
            Map.entry(reason("No space left on device"), Kind.NO_SPACE),
            Map.entry(new IOException("No space left on device"), Kind.NO_SPACE),
            Map.entry(reason("Disk quota exceeded"), Kind.NO_SPACE),
            Map.entry(reason("Stale file handle"), Kind.UNAVAILABLE),
            Map.entry(new IOException("Input/output error"), Kind.FAILED),
            Map.entry(new IOException(), Kind.FAILED));

    kinds.forEach(
        (cause, kind) -> {
          BackupException failure = operation().failure(cause);
          assertThat(failure.kind()).as("kind of %s", cause).isEqualTo(kind);
          assertThat(failure).hasCause(cause).hasMessageStartingWith("write file:/b/o: ");
        });
  }

  @Test
  void aFileInThePlaceOfAFolderIsCalledThat() {
    assertThat(operation().failure(new NotDirectoryException("f")))
        .hasMessage("write file:/b/o: is not a directory");
  }

  @Test
  void anInterruptIsCancelledAndStaysVisible() {
    for (IOException cause :
        List.of(new ClosedByInterruptException(), new InterruptedIOException())) {
      assertThat(operation().failure(cause).kind()).isEqualTo(Kind.CANCELLED);
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    }
  }

  @Test
  void failuresOfOursPassAsTheyAre() {
    BackupException ours = operation().failure(Kind.CORRUPT, "spoilt");

    assertThat(operation().failure(ours)).isSameAs(ours);
  }

  private FileOperation operation() {
    return new FileOperation("write", "file:/b/o", folder);
  }

  private static FileSystemException reason(String text) {
    return new FileSystemException("f", null, text);
  }
}
