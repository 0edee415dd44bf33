package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.BackupTargetContract;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.LeakTrackingBackupTarget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/**
 * Nothing that decorates a target may break what the target promises. Alone, since the contract
 * counts the open files of this JVM.
 */
@Isolated
class DecoratorContractTest {
  abstract static class OverMemory extends BackupTargetContract {
    private final InMemoryBackupTarget store = new InMemoryBackupTarget();

    abstract BackupTarget decorate(BackupTarget target);

    @Override
    protected BackupTarget open() {
      return decorate(store.reopen());
    }
  }

  @Nested
  class Retrying extends OverMemory {
    @Override
    BackupTarget decorate(BackupTarget target) {
      return new RetryingBackupTarget(target, Backoff.DEFAULT, Waiter.SLEEP);
    }
  }

  @Nested
  class Throttling extends OverMemory {
    @Override
    BackupTarget decorate(BackupTarget target) {
      return new ThrottlingBackupTarget(target, 1L << 40);
    }
  }

  @Nested
  class Logging extends OverMemory {
    @Override
    BackupTarget decorate(BackupTarget target) {
      return new LoggingBackupTarget(target, LoggerFactory.getLogger(getClass()));
    }
  }

  @Nested
  class Cancellable extends OverMemory {
    @Override
    BackupTarget decorate(BackupTarget target) {
      return new CancellableBackupTarget(target, new Cancellation());
    }
  }

  @Nested
  class Faulty extends OverMemory {
    @Override
    BackupTarget decorate(BackupTarget target) {
      return new FaultyBackupTarget(target);
    }
  }

  @Nested
  class Stack extends OverMemory {
    private final List<LeakTrackingBackupTarget> tracked = new ArrayList<>();

    @Override
    BackupTarget decorate(BackupTarget target) {
      LeakTrackingBackupTarget tracking = new LeakTrackingBackupTarget(target);
      tracked.add(tracking);
      return TargetStack.over(tracking, false, Backoff.DEFAULT, Waiter.SLEEP);
    }

    @AfterEach
    void verifyAllClosed() {
      tracked.forEach(LeakTrackingBackupTarget::verifyAllClosed);
    }
  }
}
