package dev.openmemory.backup.storage.sftp.internal.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The files that this JVM writes now. No one writes its other files any more. */
public final class ActivePartials {
  private static final Set<String> IDS = ConcurrentHashMap.newKeySet();

  private ActivePartials() {}

  public static void begin(PartialName name) {
    IDS.add(name.id());
  }

  public static void end(PartialName name) {
    IDS.remove(name.id());
  }

  static boolean isLive(PartialName name) {
    return IDS.contains(name.id());
  }
}
