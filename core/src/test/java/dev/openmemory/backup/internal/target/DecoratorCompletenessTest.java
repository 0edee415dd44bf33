package dev.openmemory.backup.internal.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.LeakTrackingBackupTarget;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A method that the SPI gains must be decided on in each decorator. */
class DecoratorCompletenessTest {
  static Stream<Arguments> decoratorsWithWhatTheyPassOn() {
    return Stream.of(
        // A decorator that changes names needs its own list only.
        Arguments.of(ForwardingBackupTarget.class, Set.of("listFolders")),
        Arguments.of(RetryingBackupTarget.class, Set.of("traits", "location", "close")),
        Arguments.of(
            ThrottlingBackupTarget.class,
            Set.of("stat", "list", "delete", "traits", "location", "close")),
        Arguments.of(LoggingBackupTarget.class, Set.of("traits", "location")),
        Arguments.of(CancellableBackupTarget.class, Set.of("traits", "location", "close")),
        Arguments.of(
            ReadOnlyBackupTarget.class,
            Set.of("read", "stat", "list", "traits", "location", "close")),
        Arguments.of(
            FaultyBackupTarget.class, Set.of("listFolders", "traits", "location", "close")),
        Arguments.of(
            LeakTrackingBackupTarget.class,
            Set.of(
                "write", "stat", "list", "listFolders", "delete", "traits", "location", "close")));
  }

  @ParameterizedTest
  @MethodSource("decoratorsWithWhatTheyPassOn")
  void everyMethodIsOverriddenOrNamedHere(Class<?> decorator, Set<String> passedOn) {
    Set<String> missing = new TreeSet<>();
    for (Method method : BackupTarget.class.getMethods()) {
      boolean overridden =
          Arrays.stream(decorator.getDeclaredMethods())
              .anyMatch(
                  own ->
                      own.getName().equals(method.getName())
                          && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
      if (!overridden) {
        missing.add(method.getName());
      }
    }

    assertThat(missing).isEqualTo(passedOn);
  }
}
