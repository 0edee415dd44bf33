package dev.openmemory.backup.testkit.disk;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does what a real path does, but belongs to {@link WatchedFileSystem}. */
final class WatchedPath implements InvocationHandler {
  private final Path real;

  private WatchedPath(Path real) {
    this.real = real;
  }

  static Path of(Path real) {
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(), new Class<?>[] {Path.class}, new WatchedPath(real));
  }

  /** The path that stands for, or the path itself. */
  static Path real(Path path) {
    return isWatched(path) ? ((WatchedPath) Proxy.getInvocationHandler(path)).real : path;
  }

  private static boolean isWatched(@Nullable Object object) {
    return object instanceof Path
        && Proxy.isProxyClass(object.getClass())
        && Proxy.getInvocationHandler(object) instanceof WatchedPath;
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return switch (method.getName()) {
      case "getFileSystem" -> WatchedFileSystem.INSTANCE;
      case "toUri" -> uri();
      case "iterator" -> names();
      case "equals" ->
          arguments != null && isWatched(arguments[0]) && real.equals(real((Path) arguments[0]));
      default -> wrapped(call(method, arguments));
    };
  }

  private URI uri() {
    return URI.create(
        WatchedFileSystemProvider.SCHEME + ":" + real.toUri().getRawSchemeSpecificPart());
  }

  private Iterator<Path> names() {
    List<Path> names = new ArrayList<>();
    real.forEach(name -> names.add(of(name)));
    return names.iterator();
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    Object[] unwrapped = arguments == null ? new Object[0] : arguments.clone();
    for (int i = 0; i < unwrapped.length; i++) {
      if (unwrapped[i] instanceof Path path) {
        unwrapped[i] = real(path);
      }
    }
    try {
      return method.invoke(real, unwrapped);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static @Nullable Object wrapped(@Nullable Object result) {
    return result instanceof Path path ? of(path) : result;
  }
}
