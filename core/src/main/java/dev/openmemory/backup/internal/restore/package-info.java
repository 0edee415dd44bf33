/** Restores a backup, and completes or takes back a restore that was interrupted. */
@NullMarked
package dev.openmemory.backup.internal.restore;

import org.jspecify.annotations.NullMarked;
