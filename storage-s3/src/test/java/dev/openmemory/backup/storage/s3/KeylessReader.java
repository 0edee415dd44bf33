package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own whose environment has no credentials. */
final class KeylessReader {
  private KeylessReader() {}

  /** The kind of its failure and what that says, which it prints. */
  static String read(URI endpoint, Path home, long deadline, TimeUnit unit) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                JavaCommand.of(
                    KeylessReader.class,
                    List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Duser.home=" + home),
                    endpoint))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    Process reader = builder.start();
    try {
      if (!reader.waitFor(deadline, unit)) {
        throw new AssertionError("it still looks for credentials");
      }
      return new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      reader.destroyForcibly();
    }
  }

  /** The child. */
  public static void main(String[] arguments) throws Exception {
    ProviderOptions options = new ProviderOptions("s3", Map.of("endpoint", arguments[0]));
    try (BackupTarget target =
        new S3BackupTargetProvider().open(URI.create("s3://bucket"), options)) {
      System.out.println(target.list(""));
    } catch (BackupException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }
}
