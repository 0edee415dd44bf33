package dev.openmemory.backup.sample;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Three writers that run, one that somebody else paused and one that is off, with data of two
 * parts: one that has to be read while they are held, and one that is copied then.
 */
public record WitnessedInstallation(Path home) {
  /** In the order in which they are held. */
  public static final List<String> RUNNING = List.of("a-page", "b-api", "c-store");

  /** Not a multiple of anything, with a hole in the middle. */
  private static final int LENGTH = 400_003;

  public static WitnessedInstallation create(Path home) throws IOException {
    WitnessedInstallation made = new WitnessedInstallation(home);
    Files.createDirectories(made.writers().directory());
    for (String name : RUNNING) {
      made.writers().set(name, FileWriters.RUNNING);
    }
    made.writers().set("d-paused", FileWriters.PAUSED);
    made.writers().set("e-off", FileWriters.STOPPED);
    made.fill(1);
    return made;
  }

  /** Gives both parts data that depends on the seed. */
  public void fill(long seed) throws IOException {
    Random random = new Random(seed);
    for (String component : List.of("live", "detached")) {
      byte[] bytes = new byte[LENGTH];
      random.nextBytes(bytes);
      Arrays.fill(bytes, LENGTH / 4, LENGTH / 2, (byte) 0);
      Files.createDirectories(data(component).getParent());
      Files.write(data(component), bytes);
    }
  }

  public Installation installation() {
    return new Installation(home, List.of(part("live"), part("detached")))
        .withWriters(writers().asWriters());
  }

  public FileWriters writers() {
    return new FileWriters(home.resolve("writers"));
  }

  public Path data(String component) {
    return home.resolve(component).resolve(WitnessSource.DATA);
  }

  /** Both parts with all that lies beside them. */
  public Map<String, String> contents() throws IOException {
    Map<String, String> contents = FileTree.of(home);
    contents.keySet().removeIf(name -> name.startsWith("writers"));
    contents.values().removeIf(text -> text.startsWith("dir"));
    return contents;
  }

  /** What the parts hold, whenever it was written. */
  public Map<String, String> checksums() throws IOException {
    Map<String, String> checksums = contents();
    checksums.replaceAll((name, text) -> text.substring(text.lastIndexOf(' ') + 1));
    return checksums;
  }

  public Path heldRecord() {
    return home.resolve(".openmemory-backup/held.json");
  }

  public Path restoreRecord() {
    return home.resolve(".openmemory-backup/restore.json");
  }

  public boolean runsAsBefore() throws IOException {
    return writers().states().equals(states(FileWriters.RUNNING));
  }

  public boolean isHeld(String how) throws IOException {
    return writers().states().equals(states(how));
  }

  private static Map<String, String> states(String ofTheRunning) {
    return Map.of(
        "a-page", ofTheRunning,
        "b-api", ofTheRunning,
        "c-store", ofTheRunning,
        "d-paused", FileWriters.PAUSED,
        "e-off", FileWriters.STOPPED);
  }

  private Part part(String component) {
    Path directory = home.resolve(component);
    return new Part(
        component,
        Map.of("directory", directory.toString(), "writers", writers().directory().toString()),
        false);
  }
}
