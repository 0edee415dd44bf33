package dev.openmemory.backup.cli;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The command line in a class loader of its own, as if in a process of its own. */
final class IsolatedCommandLine extends URLClassLoader {
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();

  private IsolatedCommandLine(URL[] classPath) {
    super(classPath, getPlatformClassLoader());
  }

  static IsolatedCommandLine complete() throws IOException {
    return without("nothing");
  }

  /** Without the library that has files of that name on the class path. */
  static IsolatedCommandLine without(String library) throws IOException {
    List<URL> rest = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      File file = new File(entry);
      if (!file.getName().startsWith(library)) {
        rest.add(file.toURI().toURL());
      }
    }
    return new IsolatedCommandLine(rest.toArray(URL[]::new));
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
