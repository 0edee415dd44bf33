package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ssh_config says about hosts, read anew for each one: by the program ssh, and where that is
 * missing by our own reader, which knows less. Both are described in {@code docs/targets/sftp.md}.
 */
public final class SshConfig {
  private static final Logger LOG = LoggerFactory.getLogger(SshConfig.class);
  private static final Path NOTHING = Path.of("/dev/null");

  private final @Nullable SshProgram program;
  private final ConfigFiles files;
  private final ClientEnvironment local;

  /**
   * With that file alone, or with the user's and the system's.
   *
   * @param watch ends the program after the time-out
   */
  public SshConfig(
      @Nullable Path only, ClientEnvironment local, CallWatch watch, Duration timeout) {
    Path ssh = local.ssh();
    this.program =
        ssh == null || NOTHING.equals(only)
            ? null
            : new SshProgram(ssh, only, local, watch, timeout);
    this.files = new ConfigFiles(only, local);
    this.local = local;
  }

  /** What reads ssh_config, for people. */
  public String reader() {
    return program == null ? "our own reader of ssh_config" : program.ssh() + " -G";
  }

  /**
   * What holds for a host.
   *
   * @param jumps the hosts on the way to it; null for what ssh_config says
   */
  public HostSettings of(HostAddress address, @Nullable List<HostAddress> jumps)
      throws BackupException {
    HostValues values = new HostValues(address, jumps, local);
    if (program == null) {
      files.read(values);
    } else {
      if (program.only() != null) {
        ConfigFiles.requireReadable(program.only());
      }
      for (ConfigLine line : program.lines(address)) {
        values.read(line);
      }
    }
    HostSettings settings = values.settings();
    LOG.debug("{} is {}, as {} says", address.host(), settings.address(), reader());
    return settings;
  }
}
