package dev.openmemory.backup.testkit;

import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.NastyBackupTarget.Habit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A target that states in its traits what its store cannot do keeps the contract. */
class NastyBackupTargetContractTest extends BackupTargetContract {
  private final InMemoryBackupTarget store = new InMemoryBackupTarget();
  private final List<NastyBackupTarget> opened = new ArrayList<>();

  @Override
  protected BackupTarget open() {
    NastyBackupTarget target =
        new NastyBackupTarget(
            store.reopen(),
            Set.of(Habit.NO_EXCLUSIVE_CREATE, Habit.NO_REPLACE, Habit.NO_GIVEN_TIMES));
    opened.add(target);
    return target;
  }

  @Override
  protected boolean refuseDeletes() {
    opened.forEach(target -> target.begin(Habit.REFUSED_DELETES));
    return true;
  }
}
