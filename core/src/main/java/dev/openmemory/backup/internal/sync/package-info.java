/** Copies backups to another target. */
@NullMarked
package dev.openmemory.backup.internal.sync;

import org.jspecify.annotations.NullMarked;
