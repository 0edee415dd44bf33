package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.text.HostPath;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ReportsPresence;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What backups there are, read off the target each time.
 *
 * @param signers if given, a backup that none of them has signed is damaged
 */
public record BackupCatalog(BackupTarget target, Optional<AllowedSigners> signers) {
  public static final int MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

  /** For work that trusts no content, such as a deletion. */
  public BackupCatalog(BackupTarget target) {
    this(target, Optional.empty());
  }

  /** For work that reads backups, or decides by what they say. */
  public static BackupCatalog of(Run run) {
    return new BackupCatalog(run.target(), run.keys().signers());
  }

  /** The same without a run. */
  public static BackupCatalog of(Run.Settings settings) {
    return new BackupCatalog(settings.readOnly(), settings.keys().signers());
  }

  public List<BackupSummary> list() throws IOException {
    requireThere();
    List<BackupSummary> found = new ArrayList<>();
    for (Map.Entry<BackupName, List<ObjectInfo>> folder : backups().entrySet()) {
      summarize(folder.getKey(), folder.getValue()).ifPresent(found::add);
    }
    found.sort(Comparator.comparing(BackupSummary::created).thenComparing(BackupSummary::name));
    return found;
  }

  public BackupSummary find(BackupName name) throws IOException {
    requireThere();
    List<ObjectInfo> objects = folders(name + "/").getOrDefault(name, List.of());
    return summarize(name, objects).orElseThrow(() -> notFound(name));
  }

  /**
   * Refuses a place that is not for backups.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when it is missing, {@code INVALID} when it
   *     is the home of an installation
   */
  public void requirePlace() throws IOException {
    requireThere();
    TargetFolder.requireNoHome(target);
  }

  /** No backups in a place that is missing is no answer. */
  private void requireThere() throws IOException {
    Optional<ReportsPresence> place = ForwardingBackupTarget.power(target, ReportsPresence.class);
    if (place.isPresent()
        && !Boundary.call("find backups", target.location(), place.get()::isThere)) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "find backups",
          target.location(),
          "the folder does not exist; is its disk mounted?");
    }
  }

  public Optional<BackupSummary> latest() throws IOException {
    return list().stream().filter(b -> b.state() != State.DAMAGED).reduce((older, newer) -> newer);
  }

  /**
   * The manifest of the newest backup of an installation that is complete, not suspicious and holds
   * at least these components. Reads as few manifests as it can.
   */
  public Optional<Manifest> newestSound(String installationId, Set<String> components)
      throws IOException {
    List<Map.Entry<BackupName, List<ObjectInfo>>> newestFirst =
        backups().entrySet().stream()
            .filter(folder -> holds(folder.getValue(), Manifest.FILE_NAME))
            .sorted(Comparator.comparing(folder -> ListedFolder.newest(folder.getValue())))
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.reverse(newestFirst);
    for (Map.Entry<BackupName, List<ObjectInfo>> folder : newestFirst) {
      BackupSummary backup =
          new ListedFolder(target, signers, folder.getKey(), folder.getValue()).withManifest();
      boolean sound = backup.problem().isEmpty() && !backup.suspicious();
      Optional<Manifest> manifest =
          backup
              .manifest()
              .filter(m -> m.installationId().equals(installationId))
              .filter(m -> components.stream().allMatch(c -> m.component(c).isPresent()));
      if (sound && manifest.isPresent()) {
        return manifest;
      }
    }
    return Optional.empty();
  }

  public void delete(BackupName name, Clock clock) throws IOException {
    if (find(name).pinned().isPresent()) {
      throw Kind.INVALID.failure("delete", target.location() + "/" + name, "the backup is pinned");
    }
    new BackupRemover(target, clock).delete(name);
  }

  public boolean pin(BackupName name, Clock clock) throws IOException {
    if (find(name).pinned().isPresent()) {
      return false;
    }
    ObjectName pin = name.file(BackupSummary.PIN_FILE_NAME);
    byte[] text = Json.write(Map.of("since", clock.instant().toString()));
    target.write(pin, new SmallContent(text), WriteOptions.CREATE_ONLY);
    List<ObjectInfo> objects = folders(name + "/").getOrDefault(name, List.of());
    if (summarize(name, objects).isEmpty()) {
      // Left alone in its folder it would keep the name from ever being used again.
      target.delete(pin);
      throw notFound(name);
    }
    StoredFiles stored = new StoredFiles();
    stored.add(pin.fileName(), text.length);
    stored.requireSeen("pin", target, name);
    return true;
  }

  public boolean unpin(BackupName name) throws IOException {
    boolean pinned = find(name).pinned().isPresent();
    target.delete(name.file(BackupSummary.PIN_FILE_NAME));
    return pinned;
  }

  public List<String> sweep(Clock clock) throws IOException {
    return new BackupRemover(target, clock).sweep();
  }

  public boolean isTaken(BackupName name) throws IOException {
    return !target.list(name + "/").isEmpty();
  }

  /** The objects below each first segment that is a valid backup name. */
  public Map<BackupName, List<ObjectInfo>> folders(String prefix) throws IOException {
    TargetFolder.requireNoHome(target);
    return byName(target.listFolders(prefix));
  }

  /** Of {@link #folders} those of backups, also of unfinished ones. */
  public Map<BackupName, List<ObjectInfo>> backups() throws IOException {
    TargetFolder.requireNoHome(target);
    return byName(target.listFolders("", StoredBackup::tells));
  }

  private static Map<BackupName, List<ObjectInfo>> byName(List<ObjectInfo> objects) {
    Map<BackupName, List<ObjectInfo>> folders = new TreeMap<>();
    for (ObjectInfo object : objects) {
      BackupName name = new BackupName(object.name().segments().get(0));
      folders.computeIfAbsent(name, n -> new ArrayList<>()).add(object);
    }
    return folders;
  }

  public static boolean holds(List<ObjectInfo> objects, String fileName) {
    return objects.stream().anyMatch(o -> o.name().fileName().equals(fileName));
  }

  public Optional<BackupSummary> summarize(BackupName name, List<ObjectInfo> objects)
      throws IOException {
    return new ListedFolder(target, signers, name, objects).summarize();
  }

  private BackupException notFound(BackupName name) {
    return Kind.NOT_FOUND.failure(
        "find backup",
        target.location() + "/" + name,
        "No backup named '" + name + "' in " + HostPath.of(target.location()) + ".");
  }
}
