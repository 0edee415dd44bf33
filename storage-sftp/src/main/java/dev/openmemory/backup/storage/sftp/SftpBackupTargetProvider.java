package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.target.ThrottlingBackupTarget;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.sftp.internal.connect.SshLogin;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpLocation;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import java.net.URI;
import java.util.Set;

/**
 * Backups on hosts that run sshd, by URIs such as {@code sftp://user@host/path}. The options are
 * described in {@code docs/targets/sftp.md}; hosts are reached as {@code ssh} would reach them.
 */
public final class SftpBackupTargetProvider implements BackupTargetProvider {
  private final Machine machine;

  /** For the service loader. */
  public SftpBackupTargetProvider() {
    this(new Machine());
  }

  SftpBackupTargetProvider(Machine machine) {
    this.machine = machine;
  }

  @Override
  public String scheme() {
    return "sftp";
  }

  @Override
  public Set<String> options() {
    return SftpOptions.NAMES;
  }

  @Override
  public BackupTarget open(URI location, ProviderOptions options) throws BackupException {
    SftpLocation place = SftpLocation.parse(location);
    SftpOptions settings = SftpOptions.of(options);
    CallWatch watch = new CallWatch("openmemory-backup-sftp-watch");
    BackupTarget target =
        new SftpBackupTarget(
            place.toString(),
            place.path(),
            new SshLogin(place, settings, watch),
            watch,
            settings,
            machine);
    return settings.limit().isPresent()
        ? new ThrottlingBackupTarget(target, settings.limit().getAsLong())
        : target;
  }
}
