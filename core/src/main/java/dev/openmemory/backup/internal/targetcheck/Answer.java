package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Finding;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Outcome;

/**
 * What came of one step: a finding without its number and subject.
 *
 * @param last whether no other step can find out anything
 */
record Answer(Outcome outcome, String seen, String meaning, boolean last) {
  private static final String KEEP_AWAY = "Do not keep backups here.";

  static Answer kept(String seen) {
    return kept(seen, "");
  }

  static Answer kept(String seen, String works) {
    return new Answer(Outcome.KEPT, seen, works, false);
  }

  static Answer slower(String seen, String meaning) {
    return new Answer(Outcome.SLOWER, seen, meaning, false);
  }

  static Answer limited(String seen, String meaning) {
    return new Answer(Outcome.LIMITED, seen, meaning, false);
  }

  static Answer broken(String seen) {
    return new Answer(Outcome.BROKEN, seen, KEEP_AWAY, false);
  }

  static Answer broken(BackupException failure) {
    Kind kind = failure.kind();
    return new Answer(Outcome.BROKEN, said(failure), meaning(kind), kind.isTransient());
  }

  static Answer notChecked(String why) {
    return new Answer(Outcome.NOT_CHECKED, why, "", false);
  }

  Finding to(String duty, String subject) {
    return new Finding(duty, subject, outcome, seen, meaning);
  }

  /** The place is that of the target. */
  static String said(BackupException failure) {
    return failure.operation() + ": " + failure.fact();
  }

  private static String meaning(Kind kind) {
    return switch (kind) {
      case NO_SPACE -> "There is no room for backups. Free some, and check again.";
      case DENIED -> "This account lacks a right that backups need. Grant it, and check again.";
      case UNAVAILABLE, TIMEOUT -> "The store did not answer. Check again when it does.";
      default -> KEEP_AWAY;
    };
  }
}
