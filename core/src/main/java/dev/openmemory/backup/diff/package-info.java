/** Request and report of a comparison of two backups. */
@NullMarked
package dev.openmemory.backup.diff;

import org.jspecify.annotations.NullMarked;
