package dev.openmemory.backup.examples;

import dev.openmemory.backup.source.file.FolderSourceProvider;

/** A folder of papers, in each backup. Named in META-INF/services, so that the engine finds it. */
public final class PapersSourceProvider extends FolderSourceProvider {
  /** For {@link java.util.ServiceLoader}. */
  public PapersSourceProvider() {
    super("papers");
  }
}
