package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A backup without encryption that leaves the host is warned of once, until that is accepted. */
class PlainCopiesTest extends SampleTest {
  private static final String CODE = "not-encrypted";

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private String recipient = "";
  private String offsite = "";

  /** A target that is not on this host, as far as its location says. */
  public static final class OffsiteProvider implements BackupTargetProvider {
    @Override
    public String scheme() {
      return "offsite";
    }

    @Override
    public BackupTarget open(URI location, ProviderOptions options) throws BackupException {
      return new ForwardingBackupTarget(BackupTargets.open(Path.of(location.getPath()))) {
        @Override
        public String location() {
          return location.toString();
        }
      };
    }
  }

  @BeforeEach
  void offerThePlugIn() throws IOException {
    Path services = Files.createDirectories(temp.resolve("plugin/META-INF/services"));
    Files.writeString(
        services.resolve(BackupTargetProvider.class.getName()), OffsiteProvider.class.getName());
    URL[] path = {temp.resolve("plugin").toUri().toURL()};
    Thread.currentThread().setContextClassLoader(new URLClassLoader(path, before));
    offsite = "offsite://store" + temp.resolve("offsite");
    recipient =
        CommandLineRun.of("key", "generate", "-o", temp.resolve("key").toString(), "--json")
            .json()
            .at("/key/recipients/0")
            .asString();
  }

  @AfterEach
  void restoreTheLoader() throws IOException {
    ((URLClassLoader) Thread.currentThread().getContextClassLoader()).close();
    Thread.currentThread().setContextClassLoader(before);
  }

  private CommandLineRun run(String... args) {
    String[] all = SampleHome.with(args, "--json");
    return args[0].equals("backup") ? sample.runOnStorage(all) : sample.run(all);
  }

  private List<String> codes(String... args) {
    List<String> codes = new ArrayList<>();
    CommandLineRun run = run(args);
    assertThat(run.exitCode()).as(run.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    JsonNode json = run.json();
    for (String place : new String[] {"/warnings", "/backup/noticed"}) {
      json.at(place).forEach(warning -> codes.add(warning.at("/code").asString()));
    }
    return codes;
  }

  @Test
  void aBackupToARemoteTargetIsWarnedOfOnceUntilItIsEncryptedOrAccepted() {
    String here = sample.backups().toString();

    assertThat(codes("backup", "a", "--target", offsite, "--target", here))
        .filteredOn(CODE::equals)
        .hasSize(1);
    assertThat(codes("backup", "b", "--target", here)).doesNotContain(CODE);
    assertThat(codes("backup", "c", "--target", offsite, "--allow-unencrypted"))
        .doesNotContain(CODE);
    CommandLineRun encrypted =
        sample.runOnStorage("backup", "d", "--target", offsite, "--encrypt-to", recipient);
    assertThat(encrypted.exitCode()).as(encrypted.text()).isZero();
  }

  @Test
  void theWarningNamesThePlaceAndBothRemediesAndASettingAcceptsIt() throws IOException {
    CommandLineRun warned = sample.runOnStorage("backup", "a", "--target", offsite);
    assertThat(warned.exitCode()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(warned.text()).contains(offsite, "--encrypt-to", "--allow-unencrypted");

    Files.writeString(sample.home().resolve("openmemory-backup.yaml"), "allow-unencrypted: true\n");
    assertThat(codes("backup", "b", "--target", offsite)).doesNotContain(CODE);
  }

  @Test
  void aSyncToARemoteTargetIsWarnedOfWhatItHasCopied() {
    sample.runOnStorage("backup", "plain");
    sample.runOnStorage("backup", "sealed", "--encrypt-to", recipient);

    assertThat(codes("sync", offsite, "sealed")).isEmpty();
    assertThat(codes("sync", temp.resolve("copy").toString())).isEmpty();
    CommandLineRun warned = sample.run("sync", offsite);
    assertThat(warned.exitCode()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(warned.out()).contains("1 backup is not encrypted in " + offsite);
    assertThat(sample.run("sync", offsite).exitCode()).as("nothing new").isZero();
    assertThat(sample.run("sync", offsite + "2", "--allow-unencrypted").exitCode()).isZero();
  }
}
