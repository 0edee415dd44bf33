package dev.openmemory.backup.internal.swap;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountPointsTest {
  @TempDir Path temporary;

  @Test
  void theTableOfTheKernelIsReadWithItsEscapes() {
    String table =
        """
        22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw
        97 28 8:1 /a/config.json /srv/open\\040memory/\\134api/config.json rw - ext4 /dev/sda1 rw
        cut off
        """;
    assertThat(MountPoints.parse(table).paths())
        .containsExactlyInAnyOrder(Path.of("/sys"), Path.of("/srv/open memory/\\api/config.json"));
  }

  @Test
  void anEntryThatIsAMountPointIsRefusedBeforeAnythingIsStaged() throws IOException {
    Path file = Files.createFile(temporary.toRealPath().resolve("config.json"));
    MountPoints mounts = new MountPoints(Set.of(file, Path.of("/")));

    assertThat(refusal(mounts, List.of("config.json")))
        .hasMessageContaining("config.json: is a mount point");
    assertThat(refusal(mounts, null).kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThatCode(() -> mounts.requireNone(temporary, List.of("other")))
        .doesNotThrowAnyException();
    assertThatCode(() -> mounts.requireNone(temporary.resolve("none"), null))
        .doesNotThrowAnyException();
  }

  private BackupException refusal(MountPoints mounts, @Nullable List<String> names) {
    return failureOf(() -> mounts.requireNone(temporary, names));
  }

  @Test
  void aDirectoryThatMayNotBeWrittenToIsNotMoved() throws IOException {
    Path foreign = Files.createDirectory(temporary.resolve("collections"));
    Path file = Files.createFile(temporary.resolve("raft_state.json"));
    MovableEntries rights = new MovableEntries(path -> false);

    assertThatCode(() -> rights.require(List.of(file))).doesNotThrowAnyException();
    assertThat(rights.all(temporary)).isFalse();
    assertThat(new MovableEntries(foreign::equals).all(temporary)).isTrue();
    BackupException refusal = failureOf(() -> rights.require(List.of(file, foreign)));
    assertThat(refusal.kind()).isEqualTo(Kind.DENIED);
    assertThat(refusal).hasMessageContaining("collections: belongs to another user");
  }
}
