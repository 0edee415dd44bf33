/** Writes backups to one archive file, and reads them from one. */
@NullMarked
package dev.openmemory.backup.internal.transfer;

import org.jspecify.annotations.NullMarked;
