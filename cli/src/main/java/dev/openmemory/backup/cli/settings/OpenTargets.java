package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.internal.file.CloseAll;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Targets that one command works on, in the order in which they were named. */
public final class OpenTargets implements Closeable {
  private final List<OpenTarget> targets = new ArrayList<>();

  /**
   * One of them.
   *
   * @param location as it was named
   * @param keyless the same backups without the private keys
   */
  public record OpenTarget(
      String location, BackupTarget target, Backups backups, Backups keyless) {}

  private OpenTargets() {}

  static OpenTargets open(Session session, List<String> locations, BackupListener listener)
      throws IOException {
    OpenTargets opened = new OpenTargets();
    try {
      for (String location : locations) {
        BackupTarget target = session.open(location);
        Backups backups =
            session.requiringSignatures(
                Backups.in(target)
                    .withClock(session.host().clock())
                    .withCancellation(session.host().cancellation())
                    .withListener(listener));
        opened.targets.add(new OpenTarget(location, target, session.decrypting(backups), backups));
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      try {
        opened.close();
      } catch (IOException other) {
        e.addSuppressed(other);
      }
      throw e;
    }
  }

  List<OpenTarget> all() {
    return List.copyOf(targets);
  }

  @Override
  public void close() throws IOException {
    List<BackupTarget> open = targets.stream().map(OpenTarget::target).toList();
    targets.clear();
    CloseAll.of(open);
  }
}
