package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own whose environment has no credentials. */
final class KeylessReader {
  private KeylessReader() {}

  /** The kind of its failure and what that says, which it prints. */
  static String read(URI endpoint, Path home, long deadline, TimeUnit unit) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KeylessReader.class.getName(),
                endpoint.toString())
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
