package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.diff.BackupDiff.Part;
import dev.openmemory.backup.diff.BackupDiff.Size;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** What the components of a backup take, by its manifest or by the files themselves. */
public record PartSizes(BackupReading reading) {

  /** The components of either backup, in their order. */
  public static List<Part> of(BackupReading before, BackupReading after) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    BackupVerifier.components(before.backup()).forEach(c -> names.add(c.component()));
    BackupVerifier.components(after.backup()).forEach(c -> names.add(c.component()));
    List<Part> parts = new ArrayList<>();
    for (String name : names) {
      PartSizes one = new PartSizes(before);
      PartSizes other = new PartSizes(after);
      Optional<Map<String, String>> digests = one.digests(name);
      parts.add(
          new Part(
              name,
              one.size(name),
              other.size(name),
              digests.flatMap(first -> other.digests(name).map(first::equals))));
    }
    return parts;
  }

  private Optional<Size> size(String name) throws IOException {
    Optional<Component> component = reading.component(name);
    if (component.isEmpty()) {
      return Optional.empty();
    }
    return reading.backup().manifest().isPresent()
        ? files(name).map(PartSizes::stated)
        : Optional.of(found(component.get()));
  }

  private static Size stated(List<StoredFile> files) {
    return new Size(
        files.stream().map(StoredFile::stored).mapToLong(Digest::size).sum(),
        OptionalLong.of(files.stream().map(StoredFile::plain).mapToLong(Digest::size).sum()));
  }

  private Size found(Component component) throws IOException {
    long bytes = 0;
    boolean plain = true;
    for (String name : component.files()) {
      String stored = ScriptBackup.storedName(name);
      ObjectName object = reading.backup().name().file(stored);
      ObjectInfo info =
          reading
              .run()
              .target()
              .stat(object)
              .orElseThrow(
                  () ->
                      Kind.CORRUPT.failure(
                          reading.operation(), reading.location() + "/" + stored, "no such file"));
      bytes += info.size();
      plain &= stored.equals(name);
    }
    return new Size(bytes, plain ? OptionalLong.of(bytes) : OptionalLong.empty());
  }

  /** Of the plain bytes, by plain name. */
  private Optional<Map<String, String>> digests(String name) {
    return files(name)
        .map(
            files ->
                files.stream()
                    .collect(
                        Collectors.toMap(
                            StoredFile::plainName,
                            file -> file.plain().sha256(),
                            (first, again) -> first)));
  }

  private Optional<List<StoredFile>> files(String name) {
    Optional<Component> component = reading.component(name);
    Optional<Manifest> manifest = reading.backup().manifest();
    return component.flatMap(
        c ->
            manifest.map(
                m -> m.files().stream().filter(f -> c.files().contains(f.plainName())).toList()));
  }
}
