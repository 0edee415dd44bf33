package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.process.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes backups of one installation a group. Kept in the home, so that it goes with a home
 * that moves, and bound to its place, so that a copy of the home gets one of its own; where the
 * home cannot be written, derived from its path.
 *
 * @param copied when the home is a copy, and this id is new
 */
public record InstallationId(String value, Optional<Warning> copied) {
  private static final Logger LOG = LoggerFactory.getLogger(InstallationId.class);

  /** The id of the home; makes one when it has none or is a copy. */
  public static InstallationId of(Path home) {
    return of(home, Host.here().machine());
  }

  static InstallationId of(Path home, String machine) {
    try {
      Optional<String> known = read(home);
      Optional<InstallationPlace> before = InstallationPlace.read(home);
      InstallationPlace here = new InstallationPlace(machine, home.toRealPath());
      if (known.isPresent() && (before.isEmpty() || !isCopy(here, before.get(), known.get()))) {
        if (!before.equals(Optional.of(here))) {
          note(here);
        }
        return new InstallationId(known.get(), Optional.empty());
      }
      InstallationId id =
          create(home, before.flatMap(place -> known.map(old -> copied(here, place, old))));
      here.write();
      return id;
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("No installation id in {}, deriving one from the path", home, e);
      byte[] path = home.toString().getBytes(StandardCharsets.UTF_8);
      return new InstallationId(UUID.nameUUIDFromBytes(path).toString(), Optional.empty());
    }
  }

  /** A home that cannot be written keeps its id. */
  private static void note(InstallationPlace here) {
    try {
      here.write();
    } catch (IOException e) {
      LOG.debug("The place of {} cannot be noted", here.home(), e);
    }
  }

  private static Path file(Path home) {
    return WorkFolder.of(home).resolve("installation-id");
  }

  private static Optional<String> read(Path home) throws IOException {
    return Files.exists(file(home))
        ? Optional.of(UUID.fromString(Files.readString(file(home)).strip()).toString())
        : Optional.empty();
  }

  /** Before the place is written: an end in between makes another new id, and mixes nothing. */
  private static InstallationId create(Path home, Optional<Warning> copied) throws IOException {
    String id = UUID.randomUUID().toString();
    DurableFile.write(file(home), (id + "\n").getBytes(StandardCharsets.UTF_8));
    return new InstallationId(id, copied);
  }

  private static boolean isCopy(InstallationPlace here, InstallationPlace before, String id)
      throws IOException {
    return here.isOnAnotherMachineThan(before)
        || (here.isBeside(before) && read(before.home()).filter(id::equals).isPresent());
  }

  private static Warning copied(InstallationPlace here, InstallationPlace before, String id) {
    String where = here.isOnAnotherMachineThan(before) ? " on another host" : "";
    return new Warning(
        "installation-copied",
        here.home()
            + " is a copy of the installation in "
            + before.home()
            + where
            + "; its backups form a group of their own from now on, apart from those of "
            + id);
  }
}
