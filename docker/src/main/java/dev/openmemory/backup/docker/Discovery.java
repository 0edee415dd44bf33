package dev.openmemory.backup.docker;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Warning;
import java.util.List;
import java.util.Optional;

/**
 * An OpenMemory that was found. Pure data; no value of an environment is in it but for paths.
 *
 * @param installation ready for a backup or a restore
 * @param findings where everything really is, and why we believe so
 * @param warnings what will lose data or fail
 * @param engine that was asked; empty when none was
 * @param containers of the installation
 */
public record Discovery(
    Installation installation,
    List<Finding> findings,
    List<Warning> warnings,
    Optional<Engine> engine,
    List<ContainerRow> containers) {
  /** Copies the lists. */
  public Discovery {
    findings = List.copyOf(findings);
    warnings = List.copyOf(warnings);
    containers = List.copyOf(containers);
  }

  /**
   * Something that was found.
   *
   * @param subject {@code database}, {@code config}, {@code vectors}, {@code installation} ...
   * @param place where it really is
   * @param why we believe so
   */
  public record Finding(String subject, String place, String why) {}

  /**
   * The engine, for people.
   *
   * @param why this one and no other: {@code DOCKER_HOST}, {@code context 'desktop-linux'} ...
   */
  public record Engine(String version, String endpoint, String why) {}

  /**
   * A container, for people.
   *
   * @param role {@code api}, {@code vector store}, {@code web interface} or {@code other}
   */
  public record ContainerRow(String name, String role, String state, String image) {}
}
