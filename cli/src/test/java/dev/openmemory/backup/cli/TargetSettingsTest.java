package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetSettingsTest {
  private static final String BUCKET = "s3://bucket/om";

  private static final String HOST = "sftp://127.0.0.1:1/om";

  @TempDir Path home;
  private Path file;

  @BeforeEach
  void name() {
    file = home.resolve("openmemory-backup.yaml");
  }

  @Test
  void theUriBeatsTheEnvironmentBeatsTheFile() throws IOException {
    try (LocalServer ofFile = LocalServer.ofPages();
        LocalServer ofEnvironment = LocalServer.ofPages();
        LocalServer ofUri = LocalServer.ofPages()) {
      Files.writeString(file, "s3-endpoint: " + ofFile.endpoint() + "\ns3-anonymous: true\n");
      Surroundings plain = new Surroundings();
      Surroundings environment =
          new Surroundings().with("OPENMEMORY_BACKUP_S3_ENDPOINT", ofEnvironment.endpoint());

      assertThat(list(plain, BUCKET)).contains("no S3 answers at " + ofFile.endpoint());
      assertThat(list(environment, BUCKET))
          .contains("no S3 answers at " + ofEnvironment.endpoint());
      assertThat(list(environment, BUCKET + "?endpoint=" + ofUri.endpoint()))
          .contains("no S3 answers at " + ofUri.endpoint());
    }
  }

  @Test
  void anotherTargetDoesNotGetThem() throws IOException {
    Files.writeString(file, "s3-endpoint: http://127.0.0.1:1\n");
    CommandLineRun run = CommandLineRun.of("list", "--home", home.toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
  }

  @Test
  void aValueThatIsRefusedNamesTheLineOrVariableThatSetIt() throws IOException {
    Files.writeString(file, "# mine\ns3-part-size: 1\n");
    assertThat(list(new Surroundings(), BUCKET))
        .contains("'part-size' is not between 5MiB and 1GiB")
        .contains(file + " line 2");
    Surroundings environment =
        new Surroundings()
            .with("OPENMEMORY_BACKUP_S3_PART_SIZE", "8MiB")
            .with("OPENMEMORY_BACKUP_S3_TIMEOUT", "soon");
    assertThat(list(environment, BUCKET))
        .contains("'timeout' is not a duration")
        .contains("(set by OPENMEMORY_BACKUP_S3_TIMEOUT)");
  }

  @Test
  void filesAreRelativeToTheSettingsFile() throws IOException {
    Files.writeString(file, "s3-ca-file: certificates/ca.pem\n");
    assertThat(list(new Surroundings(), BUCKET + "?region=x"))
        .contains("ca-file " + home.resolve("certificates/ca.pem") + " cannot be read");
  }

  @Test
  void filesOfSshMayBeSeveralAndInTheHome() throws IOException {
    Files.writeString(file, "sftp-ssh-config: ssh/config\n");
    assertThat(list(new Surroundings(), HOST))
        .contains("'ssh-config' cannot be read: " + home.resolve("ssh/config"));
    Files.writeString(file, "sftp-ssh-config: ~/.ssh/none\n");
    assertThat(list(new Surroundings(), HOST))
        .contains("cannot be read: " + Path.of(System.getProperty("user.home"), ".ssh/none"));
    Files.writeString(file, "sftp-identity-file: keys/a,,~/b\n");
    assertThat(list(new Surroundings(), HOST)).contains("'identity-file' has an empty path");
  }

  @Test
  void slipsAreNamed() throws IOException {
    CommandLineRun run =
        new Surroundings()
            .with("OPENMEMORY_BACKUP_S3_ENDPONT", "x")
            .with("OPENMEMORY_BACKUP_S3_REGION", "y")
            .run("list", "--home", home.toString());
    assertThat(run.err())
        .contains(
            "unknown variable OPENMEMORY_BACKUP_S3_ENDPONT ignored. Did you mean OPENMEMORY_BACKUP_S3_ENDPOINT?")
        .doesNotContain("S3_REGION");
    Files.writeString(file, "s3-endpont: x\n");
    assertThat(list(new Surroundings(), BUCKET))
        .contains("unknown setting 's3-endpont'")
        .contains("s3-endpoint");
    Files.writeString(file, "s3-region: x\ns3-region: y\n");
    assertThat(list(new Surroundings(), BUCKET)).contains("sets 's3-region' a second time");
  }

  @Test
  void aKeyInALocationIsRefusedAndNotRepeated() {
    for (String location :
        new String[] {"s3://AKIACANARY:s3cr3tCANARY@bucket/om", "s3://AKIACANARY@bucket/om"}) {
      CommandLineRun run =
          CommandLineRun.of("list", "--home", home.toString(), "--target", location, "-v");
      assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
      assertThat(run.text()).doesNotContain("CANARY");
    }
  }

  private String list(Surroundings surroundings, String target) {
    CommandLineRun run = surroundings.run("list", "--home", home.toString(), "--target", target);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.USAGE);
    return run.err();
  }
}
