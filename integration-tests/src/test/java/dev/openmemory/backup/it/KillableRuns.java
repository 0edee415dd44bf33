package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs of a program that prints {@code ready} and {@code done}: one that is left alone, for its
 * length, and then such as are killed.
 */
record KillableRuns(Class<?> program, Path home, Path target, Path scratch) {
  // Small data does not pay the optimizing compiler back.
  private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1");

  /** How long a whole run takes from its {@code ready}. */
  long nanosOfOne(String work, String name) throws Exception {
    try (ChildJvm child = start(work, name)) {
      long start = System.nanoTime();
      assertThat(child.output().lines().toList()).endsWith("done");
      return System.nanoTime() - start;
    }
  }

  void killOne(String work, String name, long afterNanos) throws Exception {
    try (ChildJvm child = start(work, name)) {
      TimeUnit.NANOSECONDS.sleep(afterNanos);
      child.kill();
    }
  }

  private ChildJvm start(String work, String name) throws Exception {
    ChildJvm child = ChildJvm.start(program, OPTIONS, work, home, target, scratch, name);
    try {
      assertThat(child.readLine()).isEqualTo("ready");
      return child;
    } catch (Exception | Error e) {
      child.close();
      throw e;
    }
  }
}
