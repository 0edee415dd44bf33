/** Which backups a policy keeps: times and rules alone, nothing of targets. */
@NullMarked
package dev.openmemory.backup.internal.retention;

import org.jspecify.annotations.NullMarked;
