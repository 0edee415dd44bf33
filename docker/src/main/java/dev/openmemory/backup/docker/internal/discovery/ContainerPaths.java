package dev.openmemory.backup.docker.internal.discovery;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside containers: always with slashes, whatever this host has. */
final class ContainerPaths {
  private ContainerPaths() {}

  /** The path as seen from the folder: absolute, without dots and double slashes. */
  static String resolve(String folder, String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : (path.startsWith("/") ? path : folder + "/" + path).split("/", -1)) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return "/" + String.join("/", names);
  }
}
