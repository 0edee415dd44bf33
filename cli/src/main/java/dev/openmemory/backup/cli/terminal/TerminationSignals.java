package dev.openmemory.backup.cli.terminal;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and its relatives end the run in order: what is half done is undone, and the exit code is
 * 130.
 *
 * <p>A shutdown hook could wait for that as well, but could not choose the exit code without {@code
 * Runtime.halt}, which skips what other libraries delete on exit.
 */
public final class TerminationSignals {
  private static final long MOST_SECONDS = 30;

  private TerminationSignals() {}

  public static void handle(Cancellation cancellation, Thread worker, CountDownLatch finished) {
    Runnable cancel =
        () -> {
          cancellation.cancel();
          worker.interrupt();
          if (!awaitUninterruptibly(finished)) {
            Runtime.getRuntime().halt(ExitCodes.CANCELLED);
          }
        };
    for (String name : new String[] {"INT", "TERM", "HUP"}) {
      handle(name, cancel);
    }
  }

  /**
   * By reflection, because {@code sun.misc.Signal} is supported but not part of what {@code
   * --release} lets us compile against without a warning. The JVM keeps a signal ignored that it
   * found ignored, as under nohup.
   */
  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) -> {
                action.run();
                return null;
              });
      Object wanted = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, wanted, proxy);
    } catch (ReflectiveOperationException e) {
      // Not on this platform, or not in this runtime: the JVM's own handling remains.
      return;
    }
  }

  private static boolean awaitUninterruptibly(CountDownLatch finished) {
    try {
      return finished.await(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }
}
