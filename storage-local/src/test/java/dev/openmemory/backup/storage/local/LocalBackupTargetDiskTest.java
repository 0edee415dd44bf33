package dev.openmemory.backup.storage.local;

import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static dev.openmemory.backup.spi.WriteOptions.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of 1 MiB that becomes full, and one that is read-only. */
@Tag("services")
class LocalBackupTargetDiskTest {
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final Content SMALL = out -> out.write(new byte[] {1, 2, 3});
  private static final Content TOO_LARGE = out -> out.write(new byte[2 << 20]);

  @TempDir Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "none", disk.toString());
    Requires.that(mounted, "mount rights");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", "-l", disk.toString())).as("unmounted").isTrue();
    }
  }

  @Test
  void aFullDiskIsNoSpaceAndLeavesNothing() throws Exception {
    try (LocalBackupTarget target = new LocalBackupTarget(disk)) {
      assertFails(Kind.NO_SPACE, () -> target.write(NAME, TOO_LARGE, CREATE_ONLY));
      assertThat(disk).isEmptyDirectory();

      target.write(NAME, SMALL, CREATE_ONLY);
      assertFails(Kind.NO_SPACE, () -> target.write(NAME, TOO_LARGE, REPLACE));

      assertThat(disk.resolve("b/openmemory.db")).hasBinaryContent(new byte[] {1, 2, 3});
      assertThat(target.usableBytes()).isBetween(1L, 1L << 20);
    }
  }

  @Test
  void aReadOnlyDiskIsDeniedAndCanBeRead() throws Exception {
    try (LocalBackupTarget target = new LocalBackupTarget(disk)) {
      target.write(NAME, SMALL, CREATE_ONLY);
      assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();

      assertFails(Kind.DENIED, () -> target.write(new ObjectName("c/new"), SMALL, CREATE_ONLY));
      assertFails(Kind.DENIED, () -> target.write(NAME, SMALL, REPLACE));
      assertFails(Kind.DENIED, () -> target.delete(NAME));

      try (InputStream in = target.read(NAME, 0)) {
        assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
      }
    }
  }

  @Test
  void aFullOrReadOnlyDiskIsKnownInEveryLanguage() throws Exception {
    FileOperation write = new FileOperation("write", "file:/b/o", disk.resolve("b/o"));
    IOException unknown = new IOException("rien ne va plus");
    assertThat(write.failure(unknown).kind()).isEqualTo(Kind.FAILED);

    Files.write(disk.resolve("filler"), new byte[(1 << 20) - LocalBackupTarget.BUFFER_BYTES / 2]);
    assertThat(write.failure(unknown).kind()).isEqualTo(Kind.NO_SPACE);

    assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();
    assertThat(write.failure(unknown).kind()).isEqualTo(Kind.DENIED);
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).isNotNull().extracting(BackupException::kind).isEqualTo(kind);
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
