package dev.openmemory.backup.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  /** Finds the descendants again, whatever their parent is. */
  private static final String SECONDS = Long.toString(1_000_000 + ProcessHandle.current().pid());

  @RepeatedTest(5)
  void aProcessThatStartsOthersAllTheTimeLeavesNone() throws Exception {
    String script =
        "echo on; i=0; while [ $i -lt 200 ]; do sleep $0 & i=$((i+1)); done >&- 2>&-; wait";
    Process root = new ProcessBuilder("sh", "-c", script, SECONDS).start();
    try {
      assertThat(root.inputReader().readLine()).isEqualTo("on");
      ProcessTree.kill(root.toHandle());

      assertThat(root.waitFor(10, TimeUnit.SECONDS)).isTrue();
      for (ProcessHandle process : descendants()) {
        assertThat(process.onExit()).as("%s", process.info()).succeedsWithin(10, TimeUnit.SECONDS);
      }
    } finally {
      root.destroyForcibly();
      descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void nothingStaysSuspendedWhenThisProcessIsKilledBeforeItHasKilled() throws Exception {
    // Each waits for a line that never comes.
    Process suspended = new ProcessBuilder("sh", "-c", "read line").start();
    Process untouched = new ProcessBuilder("sh", "-c", "read line").start();
    try {
      Suspension.of(List.of(suspended.toHandle())).orElseThrow().abandon();
      Suspension.of(List.of(untouched.toHandle())).orElseThrow().close();

      assertThat(suspended.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(untouched.isAlive()).isTrue();
    } finally {
      suspended.destroyForcibly();
      untouched.destroyForcibly();
    }
  }

  private static List<ProcessHandle> descendants() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().arguments().map(a -> List.of(a).contains(SECONDS)).orElse(false))
        .toList();
  }
}
