package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.LockInfo;
import dev.openmemory.backup.internal.catalog.LockEntry;
import dev.openmemory.backup.internal.lock.RunLock.Timings;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The locks of all installations in a target, as far as is known without a lock. */
public record LockList(BackupTarget target, Clock clock) {
  public List<LockInfo> all() throws IOException {
    return LockEntry.all(target).stream().map(this::info).toList();
  }

  /** Removes locks of runs that have ended, or all of them; returns the removed ones. */
  public List<LockInfo> remove(boolean alsoLive) throws IOException {
    List<LockInfo> removed = new ArrayList<>();
    for (LockEntry entry : LockEntry.all(target)) {
      LockInfo info = info(entry);
      if (alsoLive || !info.live()) {
        target.delete(entry.object());
        removed.add(info);
      }
    }
    return removed;
  }

  private LockInfo info(LockEntry entry) {
    return new LockInfo(
        entry.installationId(),
        entry.work(),
        entry.owner().map(Owner::toString).orElse("unknown"),
        entry.written(),
        RunLock.isFresh(entry, Timings.STANDARD, clock.instant()));
  }
}
