package dev.openmemory.backup.examples;

import dev.openmemory.backup.source.file.FileSourceProvider;

/** One file, in each backup. */
public final class LicenseSourceProvider extends FileSourceProvider {
  /** For {@link java.util.ServiceLoader}. */
  public LicenseSourceProvider() {
    super("license");
  }
}
