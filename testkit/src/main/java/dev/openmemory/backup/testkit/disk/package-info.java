/**
 * A directory that remembers what was forced to the disk, to test the end of a run at any point.
 */
@NullMarked
package dev.openmemory.backup.testkit.disk;

import org.jspecify.annotations.NullMarked;
