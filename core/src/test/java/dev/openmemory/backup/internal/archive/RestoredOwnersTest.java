package dev.openmemory.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Warning;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredOwnersTest {
  private static final Path PRESENT = Path.of("storage");
  private static final Path FILE = Path.of("staged", "file");

  @TempDir Path temporary;
  private final List<Warning> warnings = new ArrayList<>();
  private final Host host = new Host();

  @Test
  void whatBelongsToTheOwnerOfTheArchivedDirectoryGetsThatOfTheReplacedOne() throws IOException {
    host.owns(PRESENT, 1000, 100);

    restore(Optional.of(PRESENT), entry(0, 0), entry(0, 0));

    assertThat(host.owners).containsEntry(FILE + " unix:uid", 1000);
    assertThat(host.owners).containsEntry(FILE + " unix:gid", 100);
    assertThat(warnings).isEmpty();
  }

  @Test
  void othersKeepTheirOwnersAndSoDoAllWhereNothingIsReplaced() throws IOException {
    host.owns(PRESENT, 1000, 100);
    restore(Optional.of(PRESENT), entry(0, 0), entry(33, 44));
    assertThat(host.owners).containsEntry(FILE + " unix:uid", 33);
    assertThat(host.owners).containsEntry(FILE + " unix:gid", 44);

    restore(Optional.empty(), entry(1000, 100), entry(1000, 100));
    assertThat(host.owners).containsEntry(FILE + " unix:uid", 1000);
  }

  @Test
  void anOwnerThatIsRightAlreadyIsNotSet() throws IOException {
    host.refuses = true;
    host.owns(FILE, 7, 8);
    restore(Optional.empty(), entry(7, 8), entry(7, 8));
    assertThat(warnings).isEmpty();
  }

  @Test
  void aRefusedChangeIsOneWarning() throws IOException {
    host.refuses = true;
    restore(Optional.empty(), entry(1, 1), entry(2, 3), entry(4, 5));
    assertThat(warnings)
        .singleElement()
        .satisfies(w -> assertThat(w.code()).isEqualTo("owner-not-kept"));
    assertThat(warnings.get(0).message()).contains(FILE.toString()).contains("Invalid argument");
  }

  @Test
  void anEmptyDirectoryTellsNoOwner() throws IOException {
    assertThat(RestoredOwners.filled(temporary, "work"::equals)).isEmpty();
    Files.createDirectory(temporary.resolve("work"));
    assertThat(RestoredOwners.filled(temporary, "work"::equals)).isEmpty();
    Files.createDirectory(temporary.resolve("collections"));
    assertThat(RestoredOwners.filled(temporary, "work"::equals)).hasValue(temporary);
    assertThat(RestoredOwners.filled(temporary.resolve("none"), "work"::equals)).isEmpty();
  }

  private void restore(Optional<Path> replaced, TarEntry root, TarEntry... files)
      throws IOException {
    RestoredOwners owners = new RestoredOwners(replaced, host, warnings::add);
    owners.root(root);
    for (TarEntry file : files) {
      owners.apply(file, FILE);
    }
  }

  private static TarEntry entry(long user, long group) {
    return new TarEntry("", 0700, user, group, FileTime.fromMillis(0), 0, "");
  }

  /**
   * Owners in a table, root's where nothing is said; as on a share it may refuse to change them.
   */
  private static final class Host implements RestoredOwners.Access {
    private final Map<String, Integer> owners = new HashMap<>();
    private boolean refuses;

    void owns(Path path, int user, int group) {
      owners.put(path + " unix:uid", user);
      owners.put(path + " unix:gid", group);
    }

    @Override
    public int get(Path path, String attribute) {
      return owners.getOrDefault(path + " " + attribute, 0);
    }

    @Override
    public void set(Path path, String attribute, int id) throws IOException {
      if (refuses) {
        throw new FileSystemException(path.toString(), null, "Invalid argument");
      }
      owners.put(path + " " + attribute, id);
    }
  }
}
