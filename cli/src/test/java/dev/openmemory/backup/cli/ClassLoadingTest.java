package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library is loaded by what needs it only. */
class ClassLoadingTest {
  private static final String SDK = "software.amazon.awssdk";
  private static final String SSHJ = "net.schmizz.sshj";
  private static final String MAIL = "jakarta.mail";

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

  @Test
  void onlyEmailLoadsTheMailLibrary() throws Exception {
    String home = temp.toString();
    Path settings = temp.resolve("openmemory-backup.yaml");
    try (LocalServer server = LocalServer.answering(200);
        IsolatedCommandLine line = IsolatedCommandLine.complete()) {
      Files.writeString(settings, "notify-slack-url: " + server.url() + "\n");
      assertThat(line.run("notify", "test", "--home", home).exitCode()).isZero();
      assertThat(line.loaded()).noneMatch(name -> name.startsWith(MAIL));
      Files.writeString(
          settings,
          "notify-email-to: me@h.example\nnotify-email-from: me@h.example\n"
              + "notify-email-server: h.example\n");
      assertThat(line.run("config", "check", "--home", home).exitCode()).isZero();
      assertThat(line.loaded()).anyMatch(name -> name.startsWith(MAIL));
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
