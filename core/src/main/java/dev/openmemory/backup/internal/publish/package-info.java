/** Sends the files of a backup to one or several targets. */
@NullMarked
package dev.openmemory.backup.internal.publish;

import org.jspecify.annotations.NullMarked;
