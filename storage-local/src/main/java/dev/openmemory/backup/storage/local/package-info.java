/** Backups in a local directory; the reference implementation of a target. */
@NullMarked
package dev.openmemory.backup.storage.local;

import org.jspecify.annotations.NullMarked;
