/** Makes a backup. */
@NullMarked
package dev.openmemory.backup.internal.backup;

import org.jspecify.annotations.NullMarked;
