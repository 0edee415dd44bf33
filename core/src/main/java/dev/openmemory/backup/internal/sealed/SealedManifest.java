package dev.openmemory.backup.internal.sealed;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.stream.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The manifest of an encrypted backup: what housekeeping needs, and nothing else. */
public record SealedManifest(Manifest full) {
  /**
   * Leaves out what only the owner of a key may know.
   *
   * @param details the stored file that has the full manifest
   */
  public Manifest with(StoredFile details) {
    List<StoredFile> files = new ArrayList<>();
    full.files().forEach(file -> files.add(file(file)));
    files.add(file(details));
    return new Manifest(
        full.formatVersion(),
        full.name(),
        full.tool(),
        full.installationId(),
        full.captured(),
        full.quiesce(),
        full.components().stream().map(this::component).toList(),
        files,
        warnings(),
        full.tags(),
        full.encryption(),
        Map.of());
  }

  /** Retention asks for this one. What shrank, and by how much, is in the details. */
  private List<Warning> warnings() {
    return full.warnings().stream().anyMatch(w -> w.code().equals(Warning.SHRUNK))
        ? List.of(new Warning(Warning.SHRUNK, "it is much smaller than the backup before"))
        : List.of();
  }

  private Component component(Component component) {
    List<String> names =
        full.files().stream()
            .filter(file -> component.files().contains(file.plainName()))
            .map(SealedManifest::publicName)
            .toList();
    return new Component(component.component(), component.type(), names, Facts.NONE, Map.of());
  }

  private StoredFile file(StoredFile file) {
    String scheme = full.encryption().orElseThrow().scheme();
    return file.codecs().contains(scheme)
        ? new StoredFile(
            file.name(),
            publicName(file),
            file.mediaType(),
            file.codecs(),
            Digest.UNKNOWN,
            file.stored(),
            Map.of())
        : file;
  }

  /** The stored name without suffixes of codecs; the plain name may be that of a collection. */
  private static String publicName(StoredFile file) {
    String name = file.name();
    for (int i = file.codecs().size() - 1; i >= 0; i--) {
      String suffix = Codec.suffix(file.codecs().get(i));
      name = name.substring(0, name.length() - suffix.length());
    }
    return name;
  }
}
