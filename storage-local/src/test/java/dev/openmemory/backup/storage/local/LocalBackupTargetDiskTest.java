package dev.openmemory.backup.storage.local;

import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static dev.openmemory.backup.spi.WriteOptions.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.Mount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
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
  private @Nullable Mount mount;

  @BeforeEach
  void mount() throws Exception {
    mount = Mount.tmpfs(disk, "size=1m,mode=0700");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mount != null) {
      mount.close();
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
      Objects.requireNonNull(mount).remount("ro");

      assertFails(Kind.DENIED, () -> target.write(new ObjectName("c/new"), SMALL, CREATE_ONLY));
      assertFails(Kind.DENIED, () -> target.write(NAME, SMALL, REPLACE));
      assertFails(Kind.DENIED, () -> target.delete(NAME));

      try (InputStream in = target.read(NAME, 0)) {
        assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
      }
    }
  }

  @Test
  void aWriteOfWhichOnlyTheCloseFailsIsNoSuccess(@TempDir Path folder) throws Exception {
    String[] command = {"rclone", "mount", "--config", "", "--daemon", disk.toString()};
    try (Mount rclone = Mount.by("rclone mount", folder, command);
        LocalBackupTarget target = new LocalBackupTarget(rclone.place())) {
      for (WriteOptions options : List.of(CREATE_ONLY, REPLACE)) {
        assertThatThrownBy(() -> target.write(NAME, TOO_LARGE, options))
            .isInstanceOf(BackupException.class);
        assertThat(disk.resolve("b/openmemory.db")).doesNotExist();
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

    Objects.requireNonNull(mount).remount("ro");
    assertThat(write.failure(unknown).kind()).isEqualTo(Kind.DENIED);
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).isNotNull().extracting(BackupException::kind).isEqualTo(kind);
  }
}
