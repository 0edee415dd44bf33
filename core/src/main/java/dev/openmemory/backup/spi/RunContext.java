package dev.openmemory.backup.spi;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * What a source may use during one run.
 *
 * @param clock the only source of time
 * @param scratch an existing private directory (0700) on this host; whatever is in it is removed
 *     when the run ends
 * @param cancellation to be checked at least once for every buffer
 * @param writersHeld whether the writers that are known are held now, so that a lock that one of
 *     them has will not go away
 * @param warnings takes what a person should look at
 */
public record RunContext(
    Clock clock,
    Path scratch,
    Cancellation cancellation,
    boolean writersHeld,
    Consumer<Warning> warnings) {}
