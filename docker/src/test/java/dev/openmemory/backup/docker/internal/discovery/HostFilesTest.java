package dev.openmemory.backup.docker.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
  @TempDir Path temp;

  @Test
  void aFileIsOpenWhenItCanBeReplaced() throws IOException {
    HostFiles files = HostFiles.ofThisHost();
    Path file = Files.writeString(temp.resolve("openmemory.db"), "");
    assertThat(files.isOpen(file)).isTrue();
    assertThat(files.isOpen(temp.resolve("not yet"))).isTrue();
    assertThat(files.isOpen(temp.resolve("none/openmemory.db"))).isFalse();
    assertThat(files.isOpen(temp)).isFalse();
    assertThat(files.isOpen(Files.createSymbolicLink(temp.resolve("link"), file))).isFalse();
  }

  @Test
  void whatDoesNotExistIsItsOwnRealPath() {
    Path none = temp.resolve("a/../none");
    assertThat(HostFiles.ofThisHost().real(none)).isEqualTo(none.normalize());
  }
}
