/** Looks for single memories in backups. */
@NullMarked
package dev.openmemory.backup.internal.memories;

import org.jspecify.annotations.NullMarked;
