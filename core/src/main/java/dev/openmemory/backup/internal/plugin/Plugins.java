package dev.openmemory.backup.internal.plugin;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The providers of one kind by their key. One that fails to load is remembered by name; the others
 * still work.
 */
final class Plugins<P> {
  private final String what;
  private final Map<String, List<P>> byKey = new TreeMap<>();
  private final Set<String> failures = new LinkedHashSet<>();
  private final Set<Class<? extends P>> types = new HashSet<>();

  private Plugins(String what) {
    this.what = what;
  }

  static <P> Plugins<P> load(String what, Class<P> type, Function<P, String> key) {
    Plugins<P> plugins = new Plugins<>(what);
    plugins.add(ServiceLoader.load(type), key);
    // A thread of a pool may have the loader of another application, or that of the JVM alone.
    if (type.getClassLoader() != Thread.currentThread().getContextClassLoader()) {
      plugins.add(ServiceLoader.load(type, type.getClassLoader()), key);
    }
    return plugins;
  }

  private void add(ServiceLoader<P> loader, Function<P, String> key) {
    Iterator<ServiceLoader.Provider<P>> providers = loader.stream().iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        ServiceLoader.Provider<P> provider = providers.next();
        if (types.add(provider.type())) {
          P made = provider.get();
          byKey.computeIfAbsent(key.apply(made), k -> new ArrayList<>()).add(made);
        }
      } catch (ServiceConfigurationError e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
  }

  P require(String key) throws BackupException {
    List<P> found = byKey.getOrDefault(key, List.of());
    if (found.size() > 1) {
      List<String> origins = found.stream().map(Plugins::origin).toList();
      throw Kind.UNSUPPORTED.failure(what, key, "provided more than once: by " + origins);
    }
    if (found.isEmpty()) {
      String broken = failures.isEmpty() ? "" : " These failed to load: " + failures + ".";
      throw Kind.UNSUPPORTED.failure(
          what,
          key,
          "Unknown "
              + what
              + " type '"
              + key
              + "'. Supported: "
              + String.join(", ", byKey.keySet())
              + "."
              + broken);
    }
    return found.get(0);
  }

  @Nullable P find(String key) {
    List<P> found = byKey.getOrDefault(key, List.of());
    return found.size() == 1 ? found.get(0) : null;
  }

  /** Each that is provided once, with its key. */
  void forEach(BiConsumer<String, P> action) {
    byKey.forEach(
        (key, found) -> {
          if (found.size() == 1) {
            action.accept(key, found.get(0));
          }
        });
  }

  private static String origin(Object provider) {
    CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
    return provider.getClass().getName() + (source == null ? "" : " in " + source.getLocation());
  }
}
