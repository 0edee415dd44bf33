package dev.openmemory.backup.cli;

import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The command line in a class loader of its own, as if in a process of its own. */
final class IsolatedCommandLine extends URLClassLoader {
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();

  private IsolatedCommandLine(URL[] classPath) {
    super(classPath, getPlatformClassLoader());
  }

  static IsolatedCommandLine complete() {
    return new IsolatedCommandLine(urls(classPath()));
  }

  /** Without the library that has files of that name on the class path. */
  static IsolatedCommandLine without(String library) {
    Path[] rest =
        Arrays.stream(classPath())
            .filter(entry -> !entry.getFileName().toString().startsWith(library))
            .toArray(Path[]::new);
    if (rest.length == classPath().length) {
      throw new AssertionError(library + " is not on the class path");
    }
    return new IsolatedCommandLine(urls(rest));
  }

  private static Path[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .toArray(Path[]::new);
  }

  private static URL[] urls(Path... entries) {
    try {
      URL[] urls = new URL[entries.length];
      for (int i = 0; i < urls.length; i++) {
        urls[i] = entries[i].toUri().toURL();
      }
      return urls;
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  /** The classes of the class path that were needed so far. */
  Set<String> loaded() {
    return loaded;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    Class<?> found = super.findClass(name);
    loaded.add(name);
    return found;
  }

  /** Runs without a terminal. */
  CommandLineRun run(String... args) throws ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(this);
    try {
      Class<?> type = loadClass(CommandLineRun.class.getName());
      Object run = open(type.getDeclaredMethod("of", String[].class)).invoke(null, (Object) args);
      return new CommandLineRun(
          (int) open(type.getMethod("exitCode")).invoke(run),
          (String) open(type.getMethod("out")).invoke(run),
          (String) open(type.getMethod("err")).invoke(run));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Method open(Method method) {
    method.setAccessible(true);
    return method;
  }
}
