package dev.openmemory.backup.storage.sftp;

import java.io.PrintWriter;
import java.io.StringWriter;

/** All that a failure would tell a log. */
public final class Traces {
  private Traces() {}

  public static String of(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
