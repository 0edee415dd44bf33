/** Backups of a volume of a Docker engine. */
@NullMarked
package dev.openmemory.backup.benchmarks.docker;

import org.jspecify.annotations.NullMarked;
