/** Runs backups at the times of a schedule, in this process, and records how they ended. */
@NullMarked
package dev.openmemory.backup.cli.daemon;

import org.jspecify.annotations.NullMarked;
