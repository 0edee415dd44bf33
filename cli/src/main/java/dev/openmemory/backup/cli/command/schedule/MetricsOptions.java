package dev.openmemory.backup.cli.command.schedule;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.daemon.Metrics;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Prometheus finds what the daemon has done. */
final class MetricsOptions {
  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Serve metrics for Prometheus at http://HOST:PORT/metrics (default: no).")
  @Nullable Integer port;

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE",
      description =
          "Write them to this file, for the textfile collector of the node exporter (default:"
              + " no).")
  @Nullable Path file;

  Metrics open() throws BackupException {
    return Metrics.open(port, file);
  }
}
