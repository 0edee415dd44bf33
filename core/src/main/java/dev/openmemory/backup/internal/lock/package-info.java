/** Keeps two runs from working on the same backups at once. */
@NullMarked
package dev.openmemory.backup.internal.lock;

import org.jspecify.annotations.NullMarked;
