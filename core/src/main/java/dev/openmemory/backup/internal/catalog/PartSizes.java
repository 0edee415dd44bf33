package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
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

/** What the components of two backups take, by their manifests or by the files themselves. */
public final class PartSizes {
  private PartSizes() {}

  /** The components of either backup, in their order. */
  public static List<Part> of(StoredBackup before, StoredBackup after) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    before.components().forEach(c -> names.add(c.component()));
    after.components().forEach(c -> names.add(c.component()));
    List<Part> parts = new ArrayList<>();
    for (String name : names) {
      Optional<Map<String, String>> digests = digests(before, name);
      parts.add(
          new Part(
              name,
              size(before, name),
              size(after, name),
              digests.flatMap(first -> digests(after, name).map(first::equals))));
    }
    return parts;
  }

  private static Optional<Size> size(StoredBackup backup, String name) throws IOException {
    Optional<Component> component = backup.component(name);
    if (component.isEmpty() || backup.summary().manifest().isPresent()) {
      return files(backup, name).map(PartSizes::stated);
    }
    return Optional.of(backup.read(() -> found(backup, component.get())));
  }

  private static Size stated(List<StoredFile> files) {
    return new Size(
        files.stream().map(StoredFile::stored).mapToLong(Digest::size).sum(),
        OptionalLong.of(files.stream().map(StoredFile::plain).mapToLong(Digest::size).sum()));
  }

  private static Size found(StoredBackup backup, Component component) throws IOException {
    long bytes = 0;
    boolean plain = true;
    for (String name : component.files()) {
      ObjectInfo stored = backup.scriptObject(name);
      bytes += stored.size();
      plain &= stored.name().fileName().equals(name);
    }
    return new Size(bytes, plain ? OptionalLong.of(bytes) : OptionalLong.empty());
  }

  /** Of the plain bytes, by plain name. */
  private static Optional<Map<String, String>> digests(StoredBackup backup, String name) {
    return files(backup, name)
        .map(
            files ->
                files.stream()
                    .collect(
                        Collectors.toMap(
                            StoredFile::plainName,
                            file -> file.plain().sha256(),
                            (first, again) -> first)));
  }

  private static Optional<List<StoredFile>> files(StoredBackup backup, String name) {
    return backup
        .component(name)
        .flatMap(
            c ->
                backup
                    .summary()
                    .manifest()
                    .map(
                        m ->
                            m.files().stream()
                                .filter(f -> c.files().contains(f.plainName()))
                                .toList()));
  }
}
