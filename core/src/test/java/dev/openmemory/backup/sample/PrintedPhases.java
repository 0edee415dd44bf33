package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupListener;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Prints a line at the start of each phase, for the process that started this one. */
public record PrintedPhases(PrintStream out) implements BackupListener {
  /** To the standard output, which nothing replaces. */
  public static PrintedPhases toStandardOutput() {
    return new PrintedPhases(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
  }

  @Override
  public void on(BackupEvent event) {
    if (event instanceof BackupEvent.PhaseStarted phase) {
      out.println(phase.phase() + " " + phase.subject());
    }
  }
}
