package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sealed.Details;
import dev.openmemory.backup.verify.VerifyReport;
import dev.openmemory.backup.verify.VerifyReport.Checked;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a backup completely and says what is wrong with it. */
public record BackupVerifier(Run.Settings settings) {
  public VerifyReport verify(BackupName name) throws IOException {
    try (Run run = Run.reading(settings)) {
      StoredBackup backup = StoredBackup.asStored(run, name);
      BackupSummary summary = backup.summary();
      if (summary.state() == State.DAMAGED && summary.manifest().isEmpty()) {
        return new VerifyReport(
            name,
            false,
            false,
            List.of(),
            List.of(new Problem(Manifest.FILE_NAME, summary.problem().orElse(""))));
      }
      return verify(backup);
    }
  }

  /** Verifies a backup that is not listed yet. */
  public static VerifyReport verify(StoredBackup backup) throws IOException {
    boolean sealed = backup.summary().manifest().filter(Manifest::isSealed).isPresent();
    return sealed ? verifySealed(backup) : new Verification(backup).report();
  }

  /** Whatever is wrong with a key is no problem of the backup. */
  private static VerifyReport verifySealed(StoredBackup backup) throws IOException {
    Verification stored = new Verification(backup);
    Manifest sealed = backup.summary().manifest().orElseThrow();
    if (!SealedBackup.mayBeOpened(backup, sealed) || backup.run().keys().decryptor().isEmpty()) {
      return stored.ofStoredBytes();
    }
    StoredBackup opened;
    try {
      opened = SealedBackup.opened(backup);
    } catch (BackupException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      stored.problems.add(new Problem(Encryption.DETAILS, e.getMessage()));
      return stored.ofStoredBytes();
    }
    return new Verification(opened).report();
  }

  private static final class Verification {
    private final StoredBackup backup;
    private final List<Checked> checked = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Facts> facts = new LinkedHashMap<>();

    Verification(StoredBackup backup) {
      this.backup = backup;
    }

    VerifyReport report() throws IOException {
      Optional<Manifest> manifest = backup.summary().manifest();
      BackupName name = backup.summary().name();
      Set<String> seen = new HashSet<>();
      for (Component component : backup.components()) {
        backup.run().enter(Phase.VERIFY, component.component());
        collect(component.component(), () -> inspect(component));
        seen.addAll(component.files());
      }
      for (StoredFile file : manifest.map(Manifest::files).orElse(List.of())) {
        if (!seen.contains(file.plainName())) {
          collect(file.name(), () -> digestOnly(file));
        }
      }
      new Completeness(facts)
          .problem()
          .ifPresent(problem -> problems.add(new Problem(name.value(), problem)));
      return new VerifyReport(name, manifest.isPresent(), false, checked, problems);
    }

    /** What a host without keys can see. */
    VerifyReport ofStoredBytes() throws IOException {
      Manifest manifest = backup.summary().manifest().orElseThrow();
      for (StoredFile file : manifest.files()) {
        backup.run().enter(Phase.VERIFY, file.name());
        collect(file.name(), () -> checked.add(SealedBackup.compareStored(backup, file)));
      }
      if (problems.isEmpty()) {
        collect(Encryption.DETAILS, () -> Details.in(manifest, backup.location()));
      }
      return new VerifyReport(backup.summary().name(), true, true, checked, problems);
    }

    private void inspect(Component component) throws IOException {
      StoredBackup.Files files = backup.files(component);
      Optional<Facts> found = files.inspect(backup.run().context());
      if (found.isPresent()) {
        problems.addAll(StatedFacts.differences(component, found.get()));
        facts.put(component.component(), component.facts().with(found.get()));
      } else {
        // The plug-in that made it is not here; its bytes can still be compared.
        files.drain();
      }
      checked.addAll(files.complete());
    }

    private void digestOnly(StoredFile file) throws IOException {
      StoredBackup.Files files =
          backup.files(new Component("", "", List.of(file.plainName()), Facts.NONE, Map.of()));
      files.drain();
      checked.addAll(files.complete());
    }

    private interface Check {
      void run() throws IOException;
    }

    /** A damaged or missing file is a finding; not being able to look is a failure. */
    private void collect(String subject, Check check) throws IOException {
      try {
        check.run();
      } catch (BackupException e) {
        if (e.kind() != Kind.CORRUPT
            && e.kind() != Kind.NOT_FOUND
            && e.kind() != Kind.UNSUPPORTED
            && e.kind() != Kind.INCONSISTENT) {
          throw e;
        }
        problems.add(new Problem(subject, e.getMessage()));
      }
    }
  }
}
