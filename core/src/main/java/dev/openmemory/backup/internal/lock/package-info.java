/** Keeps two runs from working on the same backups, or the same installation, at once. */
@NullMarked
package dev.openmemory.backup.internal.lock;

import org.jspecify.annotations.NullMarked;
