package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.migration.Server.Known;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.spi.optional.ReportsSettings;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at a backup and at an installation, and has both compared. Changes neither. */
public record MigrationReporter(Run.Settings settings) {
  private static final Set<String> READ_WITHOUT_MANIFEST =
      Set.of(Component.DATABASE, Component.CONFIG);
  private static final String NO_CONTAINERS = "no containers are known here";

  public MigrationReport report(BackupName name, Installation installation) throws IOException {
    try (Run run = Run.reading(settings)) {
      run.checkCancelled();
      Needs needs = Needs.of(components(StoredBackup.find(run, name)));
      Server server = new Look(run, installation).take();
      return new MigrationReport(name, installation.home(), new Checklist(needs, server).items());
    }
  }

  /** With a manifest as it states them; otherwise with what their small files show. */
  private static List<Component> components(StoredBackup backup) throws IOException {
    List<Component> components = backup.components();
    if (backup.summary().manifest().isPresent()) {
      return components;
    }
    backup.run().enter(Phase.PREPARE, backup.summary().name().value());
    List<Component> read = new ArrayList<>();
    for (Component component : components) {
      boolean small = READ_WITHOUT_MANIFEST.contains(component.component());
      read.add(small ? withFacts(backup, component) : component);
    }
    return read;
  }

  /** Damage is reported by verify; here the facts of the component are then unknown. */
  private static Component withFacts(StoredBackup backup, Component component) throws IOException {
    try {
      Optional<Facts> found = backup.files(component).inspect(backup.run().quietContext());
      return new Component(
          component.component(),
          component.type(),
          component.files(),
          found.orElse(component.facts()),
          component.other());
    } catch (BackupException e) {
      if (e.kind() != Kind.CORRUPT && e.kind() != Kind.UNSUPPORTED) {
        throw e;
      }
      return component;
    }
  }

  /** One look at an installation. What cannot be found out does not keep the rest. */
  private record Look(Run run, Installation installation) {

    interface Question<T> {
      Optional<T> ask() throws IOException;
    }

    Server take() throws IOException {
      OpenParts parts = OpenParts.open(run, installation);
      Optional<OpenPart> config = parts.find(Component.CONFIG);
      Known<Environment> ofFile =
          known(() -> environment(config), "there is no OpenMemory in " + installation.home());
      Known<Facts> facts = known(() -> settings(config), "there is no configuration here");
      Known<String> ofPart =
          known(() -> version(parts.find(Component.VECTORS)), "no running Qdrant is known here");
      if (installation.writers().isEmpty()) {
        return new Server(ofFile, facts, ofPart, Known.not(NO_CONTAINERS));
      }
      try (WriterControl control = run.writers().open(installation.writers().get())) {
        Known<Environment> ofControl = known(() -> environment(control), "");
        return new Server(
            together(ofControl, ofFile),
            facts,
            ofPart.value().isPresent() ? ofPart : known(() -> version(control), ofPart.why()),
            known(() -> Optional.of(!control.running().isEmpty()), NO_CONTAINERS));
      }
    }

    private <T> Known<T> known(Question<T> question, String otherwise) throws IOException {
      try {
        run.checkCancelled();
        return question.ask().map(Known::of).orElseGet(() -> Known.not(otherwise));
      } catch (BackupException e) {
        e.throwIfCancelled();
        return Known.not(e.kind() == Kind.NOT_FOUND ? otherwise : e.getMessage());
      } catch (IOException e) {
        return Known.not(String.valueOf(e.getMessage()));
      }
    }

    /** What the containers have was decided by Compose, which knows more than one file. */
    private static Known<Environment> together(
        Known<Environment> ofControl, Known<Environment> ofFile) {
      if (ofControl.value().isEmpty()) {
        return ofFile;
      }
      return ofFile.value().isEmpty()
          ? ofControl
          : Known.of(Server.joined(ofControl.value().get(), ofFile.value().get()));
    }

    private static Optional<Environment> environment(Optional<OpenPart> part) throws IOException {
      return part.isPresent() ? environment(part.get().source()) : Optional.empty();
    }

    private static Optional<Environment> environment(Object partOrControl) throws IOException {
      return partOrControl instanceof ReportsEnvironment knows
          ? knows.environment()
          : Optional.empty();
    }

    private Optional<Facts> settings(Optional<OpenPart> part) throws IOException {
      return part.isPresent() && part.get().source() instanceof ReportsSettings knows
          ? Optional.of(knows.settings(run.quietContext()))
          : Optional.empty();
    }

    private Optional<String> version(Optional<OpenPart> part) throws IOException {
      return part.isPresent() ? version(part.get().source()) : Optional.empty();
    }

    private Optional<String> version(Object partOrControl) throws IOException {
      Optional<VectorStore> running =
          partOrControl instanceof OpensVectorStore knows
              ? knows.openVectorStore(run.context().cancellation())
              : Optional.empty();
      if (running.isEmpty()) {
        return Optional.empty();
      }
      try (VectorStore store = running.get()) {
        return Optional.of(store.version());
      }
    }
  }
}
