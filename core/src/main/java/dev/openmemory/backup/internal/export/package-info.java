/** The contents of a backup in forms that other programs read. */
@NullMarked
package dev.openmemory.backup.internal.export;

import org.jspecify.annotations.NullMarked;
