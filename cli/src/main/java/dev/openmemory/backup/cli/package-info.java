/**
 * The command line: parses, calls {@link dev.openmemory.backup.Backups}, prints. What it can do, a
 * Java application can do with the same few calls.
 */
@NullMarked
package dev.openmemory.backup.cli;

import org.jspecify.annotations.NullMarked;
