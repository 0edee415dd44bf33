package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.signature.SigningKey;
import dev.openmemory.backup.testconditions.Requires;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program ssh-keygen takes our signatures, and we take its ones. */
@Tag("services")
class SshKeygenTest extends SampleBackupFixture {
  private static final BackupName FIRST = new BackupName("first");

  private Path key = Path.of("");
  private Path allowed = Path.of("");

  @BeforeEach
  void makeKey() throws Exception {
    boolean present =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, "ssh-keygen")));
    Requires.that(present, "ssh-keygen");
    key = temp.resolve("key");
    assertThat(run("-q", "-t", "ed25519", "-N", "", "-f", key.toString())).isZero();
    allowed =
        Files.writeString(
            temp.resolve("allowed_signers"),
            "me@example.org " + Files.readString(temp.resolve("key.pub")));
  }

  @Test
  void sshKeygenVerifiesTheSignatureOfABackup() throws Exception {
    backups
        .withSigningKey(SigningKey.read(key))
        .create(sample.installation(), BackupRequest.named("first"));
    Path manifest = fetched("manifest.json");
    fetched("manifest.json.sig");

    assertThat(verify(manifest, "openmemory-backup")).isZero();
    assertThat(verify(manifest, "file")).isNotZero();
    Files.writeString(manifest, Files.readString(manifest).replace("\"first\"", "\"second\""));
    assertThat(verify(manifest, "openmemory-backup")).isNotZero();
  }

  @Test
  void aBackupThatSshKeygenSignedIsAccepted() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    Path manifest = fetched("manifest.json");
    run("-q", "-Y", "sign", "-f", key.toString(), "-n", "openmemory-backup", manifest.toString());
    stored.write("first/manifest.json.sig", temp.resolve("manifest.json.sig"));
    Backups requiring = backups.withRequiredSignature(AllowedSigners.read(allowed));

    assertThat(requiring.find(FIRST).state()).isEqualTo(State.COMPLETE);
    assertThat(requiring.verify(FIRST).ok()).isTrue();
    stored.edit("first/manifest.json", "\"first\"", "\"second\"");
    assertThat(requiring.find(FIRST).state()).isEqualTo(State.DAMAGED);
  }

  @Test
  void aKeyWithAPassphraseIsNamedAsSuch() throws Exception {
    Path locked = temp.resolve("locked");
    run("-q", "-t", "ed25519", "-N", "secret words", "-f", locked.toString());

    assertThat(failureOf(() -> SigningKey.read(locked)).kind()).isEqualTo(Kind.UNSUPPORTED);
  }

  private Path fetched(String file) throws Exception {
    return Files.write(temp.resolve(file), stored.bytes("first/" + file));
  }

  private int verify(Path manifest, String namespace) throws Exception {
    return run(
        manifest,
        "-Y",
        "verify",
        "-f",
        allowed.toString(),
        "-I",
        "me@example.org",
        "-n",
        namespace,
        "-s",
        manifest + ".sig");
  }

  private int run(String... arguments) throws Exception {
    return run(Path.of("/dev/null"), arguments);
  }

  private int run(Path input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ssh-keygen"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("ssh-keygen.log").toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
