package dev.openmemory.backup.docker.internal.engine;

/**
 * A path in a container.
 *
 * @param container name or id
 * @param path absolute, without a slash at its end unless it is the root
 * @param describe for messages; the place that it stands for
 */
record ContainerPath(String container, String path, String describe) {
  /** Drops slashes at the end. */
  ContainerPath {
    while (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
  }

  ContainerPath(String container, String path) {
    this(container, path, "container " + container + ":" + path);
  }

  boolean isRoot() {
    return path.equals("/");
  }

  /** The last part of the path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  ContainerPath parent() {
    int at = path.lastIndexOf('/');
    return new ContainerPath(container, at <= 0 ? "/" : path.substring(0, at), describe);
  }

  /** Where a symbolic link at this path leads to. */
  ContainerPath follow(String link) {
    String folder = parent().isRoot() ? "/" : parent().path() + "/";
    return new ContainerPath(container, link.startsWith("/") ? link : folder + link, describe);
  }
}
