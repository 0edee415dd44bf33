package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.diff.BackupDiff.Part;
import dev.openmemory.backup.diff.BackupDiff.Settings;
import dev.openmemory.backup.diff.BackupDiff.Side;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.internal.catalog.PartSizes;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.diff.DatabaseDifference.Found;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Compares two backups of one target, which it only reads. */
public record BackupDiffer(Run.Settings settings) {
  private static final String OPERATION = "diff";

  public BackupDiff diff(BackupName before, BackupName after, DiffRequest request)
      throws IOException {
    try (Run run = Run.reading(settings)) {
      return new Attempt(run, request, find(run, before), find(run, after)).diff();
    }
  }

  private static StoredBackup find(Run run, BackupName name) throws IOException {
    run.checkCancelled();
    return StoredBackup.find(run, name).requireUndamaged(OPERATION);
  }

  private record Attempt(
      Run run,
      DiffRequest request,
      StoredBackup before,
      StoredBackup after,
      List<Warning> notCompared) {
    Attempt(Run run, DiffRequest request, StoredBackup before, StoredBackup after) {
      this(run, request, before, after, new ArrayList<>());
    }

    BackupDiff diff() throws IOException {
      Optional<Found> database = database();
      List<Settings> different = new ArrayList<>();
      config().ifPresent(different::add);
      database.flatMap(Found::settings).ifPresent(different::add);
      List<Part> parts = PartSizes.of(before, after);
      boolean identical =
          parts.stream()
              .filter(part -> part.component().equals(Component.VECTORS))
              .anyMatch(part -> part.identical().orElse(false));
      return new BackupDiff(
          side(before),
          side(after),
          parts,
          database.map(Found::tables).orElse(List.of()),
          database.flatMap(Found::memories),
          different,
          new CollectionDifference(before, after, identical, notCompared).find(),
          notCompared.stream().distinct().toList(),
          run.elapsed());
    }

    private static Side side(StoredBackup backup) {
      BackupSummary summary = backup.summary();
      return new Side(summary.name(), summary.state(), summary.created());
    }

    private Optional<Found> database() throws IOException {
      Optional<Component> first = present(before, Component.DATABASE);
      Optional<Component> second = present(after, Component.DATABASE);
      if (first.isEmpty() || second.isEmpty()) {
        return Optional.empty();
      }
      try (StagedDatabase one = StagedDatabase.inScratch(run.context());
          StagedDatabase other = StagedDatabase.inScratch(run.context())) {
        fetch(before, first.get(), one);
        fetch(after, second.get(), other);
        run.enter(Phase.COMPARE, "databases");
        Found found =
            new DatabaseDifference(
                    one.file(),
                    other.file(),
                    before.location() + " and " + after.summary().name(),
                    request,
                    run.context().cancellation())
                .find();
        if (found.memories().isEmpty()) {
          tell("no-memories", "not both databases have memories with ids in a table");
        }
        return Optional.of(found);
      }
    }

    private void fetch(StoredBackup backup, Component database, StagedDatabase staged)
        throws IOException {
      run.enter(Phase.PREPARE, "database of " + backup.summary().name());
      backup.fetch(database, staged);
    }

    private Optional<Settings> config() throws IOException {
      Optional<Component> first = present(before, Component.CONFIG);
      Optional<Component> second = present(after, Component.CONFIG);
      if (first.isEmpty() || second.isEmpty()) {
        return Optional.empty();
      }
      byte[] one = config(before, first.get());
      byte[] other = config(after, second.get());
      SettingsDifference difference = new SettingsDifference(ConfigDocument.FILE, request.named());
      if (!Arrays.equals(one, other)) {
        compare(difference, ConfigDocument.parse(one), ConfigDocument.parse(other));
      }
      return difference.found();
    }

    private void compare(
        SettingsDifference difference, ConfigDocument first, ConfigDocument second) {
      if (first.root() != null && second.root() != null) {
        difference.compare("", first.root(), second.root());
        return;
      }
      difference.changed("");
      tellIfNotJson(before, first);
      tellIfNotJson(after, second);
    }

    private void tellIfNotJson(StoredBackup backup, ConfigDocument document) {
      if (document.root() == null) {
        tell(
            "config-not-json",
            ConfigDocument.FILE
                + " of "
                + backup.summary().name()
                + " is not valid JSON: "
                + document.problem());
      }
    }

    private byte[] config(StoredBackup backup, Component config) throws IOException {
      return backup.read(() -> ConfigDocument.fetch(backup.files(config), run.context()));
    }

    private Optional<Component> present(StoredBackup backup, String name) {
      Optional<Component> component = backup.component(name);
      if (component.isEmpty()) {
        tell("no-" + name, "backup " + backup.summary().name() + " has no " + name);
      }
      return component;
    }

    private void tell(String code, String message) {
      notCompared.add(new Warning(code, message));
    }
  }
}
