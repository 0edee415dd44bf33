package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libraries of one kind of target are no burden to those who use another. */
class ClassLoadingTest {
  private static final String SDK = "software.amazon.awssdk";
  private static final String SSHJ = "net.schmizz.sshj";

  @TempDir Path temp;

  @Test
  void onlyABucketLoadsTheSdk() throws Exception {
    assertLoadedBy("s3://bucket/om?region=nowhere&ca-file=" + temp.resolve("none"), SDK, SSHJ);
  }

  @Test
  void onlyAHostLoadsTheSshLibrary() throws Exception {
    try (LocalServer noSsh = LocalServer.ofPages()) {
      String target = noSsh.endpoint().replace("http:", "sftp:") + "/om?ssh-config=/dev/null";
      assertLoadedBy(target, SSHJ, SDK);
    }
  }

  private void assertLoadedBy(String target, String needed, String other) throws Exception {
    try (IsolatedCommandLine line = IsolatedCommandLine.complete()) {
      line.run("list", "--home", temp.toString());
      assertThat(line.loaded())
          .contains(Main.class.getName())
          .noneMatch(name -> name.startsWith(needed) || name.startsWith(other));
      line.run("list", "--home", temp.toString(), "--target", target);
      assertThat(line.loaded())
          .anyMatch(name -> name.startsWith(needed))
          .noneMatch(name -> name.startsWith(other));
    }
  }
}
