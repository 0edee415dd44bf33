package dev.openmemory.backup.internal.engine;

import dev.openmemory.backup.Manifest.Tool;
import java.util.Objects;

/** This program, as manifests name it. */
final class ThisTool {
  /** The version is in the jar's manifest; classes that run out of a folder have none. */
  static final Tool NAME_AND_VERSION =
      new Tool(
          "openmemory-backup",
          Objects.requireNonNullElse(
              ThisTool.class.getPackage().getImplementationVersion(), "development"));

  private ThisTool() {}
}
