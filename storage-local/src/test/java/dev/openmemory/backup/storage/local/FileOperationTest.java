package dev.openmemory.backup.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOperationTest {
  @TempDir Path folder;

  @Test
  void aFailureSaysWhatWasTriedAndWhere() {
    NoSuchFileException cause = new NoSuchFileException("f");

    BackupException failure = operation().failure(cause);

    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure).hasCause(cause).hasMessage("write file:/b/o: does not exist");
  }

  @Test
  void aFileInThePlaceOfAFolderIsCalledThat() {
    assertThat(operation().failure(new NotDirectoryException("f")))
        .hasMessage("write file:/b/o: is not a directory");
  }

  @Test
  void aFolderInThePlaceOfAFileIsUnsupportedInEveryLanguage() {
    assertThat(operation().failure(new FileSystemException("f", null, "est un dossier")).kind())
        .isEqualTo(Kind.UNSUPPORTED);
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
}
