/** Deletes the backups that a retention policy does not keep. */
@NullMarked
package dev.openmemory.backup.internal.prune;

import org.jspecify.annotations.NullMarked;
