package dev.openmemory.backup.cli.command.key;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.cli.output.AfterBackup;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.encryption.EncryptionOptions;
import dev.openmemory.backup.cli.settings.encryption.SignatureOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Encrypts a backup to other keys. */
@Command(
    name = "reencrypt",
    description = {
      "Store a backup once more, encrypted to other public keys.",
      "Its private key is needed, except for a backup that is not encrypted yet."
    })
public final class ReencryptCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The backup, also 'latest'.")
  String name = "";

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Name of the new backup (default: NAME-reencrypted).")
  @Nullable String as;

  @Option(
      names = "--delete-old",
      description = "Delete the old backup when the new one has been verified.")
  boolean deleteOld;

  @Mixin private EncryptionOptions encryption = new EncryptionOptions();

  @Mixin private SignatureOptions signature = new SignatureOptions();

  /** Works on the target of the session. */
  public ReencryptCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(this::reencrypt);
  }

  private int reencrypt(Backups backups, String location) throws IOException {
    BackupSummary old = session.find(backups, location, name);
    if (deleteOld && old.pinned().isPresent()) {
      throw Kind.INVALID.failure(
          "reencrypt",
          location + "/" + old.name(),
          "the backup is pinned, so it cannot be deleted");
    }
    BackupName to = BackupName.parse(as == null ? old.name() + "-reencrypted" : as);
    BackupReport report =
        signature
            .signing(
                encryption.encrypting(backups, session.newPassphrase()),
                session.host().environment())
            .reencrypt(old.name(), to);
    if (deleteOld) {
      backups.delete(old.name());
    } else {
      session
          .terminal()
          .note("The old backup stays: 'openmemory-backup delete " + old.name() + "'");
    }
    AfterBackup after = AfterBackup.of(report, List.of(), List.of(), List.of());
    session.terminal().result(session.renderer().created(report, after));
    return session.exitCode(after.noticed());
  }
}
