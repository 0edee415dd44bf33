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
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.verify.VerifyReport;
import dev.openmemory.backup.verify.VerifyReport.Checked;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a backup completely and says what is wrong with it. */
public final class BackupVerifier {
  private final Run.Settings settings;

  /** Verifies with these settings. */
  public BackupVerifier(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#verify}. */
  public VerifyReport verify(BackupName name) throws IOException {
    try (Run run = Run.reading(settings)) {
      BackupSummary summary = new BackupCatalog(run.target()).find(name);
      if (summary.state() == State.DAMAGED && summary.manifest().isEmpty()) {
        return new VerifyReport(
            name,
            false,
            List.of(),
            List.of(new Problem(Manifest.FILE_NAME, summary.problem().orElse(""))));
      }
      return new Verification(run, summary).report();
    }
  }

  /** Verifies a backup that is not listed yet. */
  public static VerifyReport verify(Run run, BackupSummary summary) throws IOException {
    return new Verification(run, summary).report();
  }

  /** The components of a backup, by its manifest or by its file names. */
  public static List<Component> components(BackupSummary summary) {
    return summary
        .manifest()
        .map(Manifest::components)
        .orElseGet(() -> ScriptBackup.components(summary.files()));
  }

  private static final class Verification {
    private final Run run;
    private final BackupSummary summary;
    private final List<Checked> checked = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Facts> facts = new LinkedHashMap<>();

    Verification(Run run, BackupSummary summary) {
      this.run = run;
      this.summary = summary;
    }

    VerifyReport report() throws IOException {
      Set<String> seen = new HashSet<>();
      for (Component component : components(summary)) {
        run.enter(Phase.VERIFY, component.component());
        collect(component.component(), () -> inspect(component));
        seen.addAll(component.files());
      }
      for (StoredFile file : summary.manifest().map(Manifest::files).orElse(List.of())) {
        if (!seen.contains(file.plainName())) {
          collect(file.name(), () -> digestOnly(file));
        }
      }
      new Completeness(facts)
          .problem()
          .ifPresent(problem -> problems.add(new Problem(summary.name().value(), problem)));
      return new VerifyReport(summary.name(), summary.manifest().isPresent(), checked, problems);
    }

    private void inspect(Component component) throws IOException {
      StoredFiles files = new StoredFiles(run, summary, component);
      Optional<BackupSourceProvider> provider = run.sources().find(component.type());
      if (provider.isPresent()) {
        Facts found = provider.get().inspect(files, run.context());
        problems.addAll(StatedFacts.differences(component, found));
        facts.put(component.component(), component.facts().with(found));
      } else {
        // The plug-in that made it is not here; its bytes can still be compared.
        for (String name : files.names()) {
          drain(files.open(name));
        }
      }
      checked.addAll(files.complete());
    }

    private void digestOnly(StoredFile file) throws IOException {
      Component alone = new Component("", "", List.of(file.plainName()), Facts.NONE, Map.of());
      StoredFiles files = new StoredFiles(run, summary, alone);
      drain(files.open(file.plainName()));
      checked.addAll(files.complete());
    }

    private static void drain(InputStream stream) throws IOException {
      try (InputStream in = stream) {
        in.transferTo(OutputStream.nullOutputStream());
      }
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
