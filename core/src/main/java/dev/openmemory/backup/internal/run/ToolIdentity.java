package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.Manifest.Tool;
import java.util.Objects;

/** This program, as manifests name it. */
public final class ToolIdentity {
  /** The version is in the jar's manifest; classes that run out of a folder have none. */
  public static final Tool NAME_AND_VERSION =
      new Tool(
          "openmemory-backup",
          Objects.requireNonNullElse(
              ToolIdentity.class.getPackage().getImplementationVersion(), "development"));

  private ToolIdentity() {}
}
