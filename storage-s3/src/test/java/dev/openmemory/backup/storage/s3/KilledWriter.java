package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A JVM of its own that is killed while it writes an object of several parts. */
final class KilledWriter {
  static final int TWO_PARTS_AND_SOME = 12 << 20;

  private KilledWriter() {}

  static Process start(ProviderOptions options, URI target, ObjectName name) throws IOException {
    List<String> command =
        JavaCommand.of(
            KilledWriter.class,
            List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"),
            target,
            name.value());
    options.values().forEach((option, value) -> command.add(option + "=" + value));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(AwsKeys.environment());
    return builder.start();
  }

  /** The child. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      options.put(
          argument.substring(0, argument.indexOf('=')),
          argument.substring(argument.indexOf('=') + 1));
    }
    try (BackupTarget target =
        new S3BackupTargetProvider()
            .open(URI.create(arguments[0]), new ProviderOptions("s3", options))) {
      target.write(
          new ObjectName(arguments[1]),
          out -> out.write(new byte[TWO_PARTS_AND_SOME]),
          WriteOptions.CREATE_ONLY);
    }
  }
}
