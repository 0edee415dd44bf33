package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.memories.NewVectorsReport;

/** What an embedder is asked, for people. */
public final class NewVectorsText {
  private NewVectorsText() {}

  /** One line: how much, and where it is sent. */
  public static String of(NewVectorsReport report) {
    return (report.texts() == 1 ? "1 text" : report.texts() + " texts")
        + " with "
        + report.characters()
        + " characters, an estimated "
        + report.estimatedTokens()
        + " tokens, for "
        + Printable.of(report.provider() + "/" + report.model())
        + " at "
        + Printable.of(report.address());
  }
}
