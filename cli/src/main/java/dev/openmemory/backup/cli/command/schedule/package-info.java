/** The commands of the daemon: {@code schedule run} and {@code schedule status}. */
@NullMarked
package dev.openmemory.backup.cli.command.schedule;

import org.jspecify.annotations.NullMarked;
