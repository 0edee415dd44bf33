package dev.openmemory.backup.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
  /** The modules of the JDK are a file system that is read-only everywhere. */
  private static final Path READ_ONLY = Path.of(URI.create("jrt:/java.base/module-info.class"));

  @TempDir Path folder;

  @Test
  void eachFailureHasItsKind() {
    Map<IOException, Kind> kinds =
        Map.ofEntries(
            Map.entry(new NoSuchFileException("f"), Kind.NOT_FOUND),
            Map.entry(new FileAlreadyExistsException("f"), Kind.ALREADY_EXISTS),
            Map.entry(new AccessDeniedException("f"), Kind.DENIED),
            Map.entry(new NotDirectoryException("f"), Kind.UNSUPPORTED),
            Map.entry(new ClosedByInterruptException(), Kind.CANCELLED),
            Map.entry(new InterruptedIOException(), Kind.CANCELLED),
            Map.entry(reason("Read-only file system"), Kind.DENIED),
            Map.entry(reason("File name too long"), Kind.UNSUPPORTED),
            Map.entry(reason("No space left on device"), Kind.NO_SPACE),
            Map.entry(new IOException("No space left on device"), Kind.NO_SPACE),
            Map.entry(reason("Disk quota exceeded"), Kind.NO_SPACE),
            Map.entry(reason("Stale file handle"), Kind.UNAVAILABLE),
            Map.entry(new IOException("Input/output error"), Kind.FAILED),
            Map.entry(new IOException(), Kind.FAILED));

    kinds.forEach(
        (failure, kind) ->
            assertThat(FileFailure.kind(folder.resolve("f"), failure))
                .as("kind of %s", failure)
                .isEqualTo(kind));
  }

  @Test
  void aReadOnlyPlaceIsDeniedInEveryLanguage() {
    assertThat(FileFailure.kind(READ_ONLY, new IOException("rien ne va plus")))
        .isEqualTo(Kind.DENIED);
    assertThat(FileFailure.kind(READ_ONLY, reason("rien ne va plus"))).isEqualTo(Kind.DENIED);
  }

  @Test
  void anErrorOfTheDiskIsNotTakenForTheReadOnlyStateThatItCauses() {
    IOException failure = new IOException("Input/output error");

    assertThat(FileFailure.kind(READ_ONLY, failure)).isEqualTo(Kind.FAILED);
    assertThat(FileFailure.isOfTheDevice(failure)).isTrue();
  }

  @Test
  void aFailureOfTheContentIsNoStateOfTheDisk() {
    assertThat(FileFailure.kind(READ_ONLY, new MalformedInputException(1))).isEqualTo(Kind.FAILED);
  }

  @Test
  void thePlaceIsNamedOnce() {
    Path file = folder.resolve("f");

    assertThat(FileFailure.of("read", file, new NoSuchFileException(file.toString())))
        .hasMessage("read " + file + ": does not exist");
    assertThat(FileFailure.of("read", file, new NoSuchFileException("g")))
        .hasMessage("read " + file + ": g: does not exist");
  }

  @Test
  void aNameThatTheEncodingLacksIsNamedWithTheReason() {
    InvalidPathException malformed =
        new InvalidPathException(
            "\u00fc", "Malformed input or input contains unmappable characters");

    BackupException failure = FileFailure.ofName("unpack", "a.tar", "\u00fc", malformed);

    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("character encoding").hasMessageContaining("\u00fc");
    assertThat(FileFailure.isUnspellable(malformed)).isTrue();
    assertThat(FileFailure.isUnspellable(new InvalidPathException("a", "Nul character"))).isFalse();
  }

  private static FileSystemException reason(String text) {
    return new FileSystemException("f", null, text);
  }
}
